package io.observatory.storage.sample.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The file with the password of the database, readable only by its owner (mode 0600).
 * {@code psql} reads it when {@code PGPASSFILE} names it (PostgreSQL manual, "The
 * Password File").
 */
final class PasswordFile {

	private static final String NAME = "pgpass";

	private static final String BEFORE_PASSWORD = "*:*:*:" + PostgresServer.USER + ":";

	private static final Pattern LINE = Pattern.compile(Pattern.quote(BEFORE_PASSWORD) + "([A-Za-z0-9_-]{32,})\\s*");

	private static final int RANDOM_BYTES = 32;

	private PasswordFile() {
	}

	/**
	 * Returns the password in the file of a directory. If the file has none, it is
	 * created again with a new password.
	 */
	static String readOrCreate(Path directory) throws IOException {
		Path file = directory.resolve(NAME);
		if (Files.exists(file)) {
			Matcher line = LINE.matcher(Files.readString(file));
			if (line.matches()) {
				return line.group(1);
			}
		}
		String password = random();
		// this file is readable only by its owner from the beginning
		Path written = Files.createTempFile(directory, NAME, null);
		Files.writeString(written, BEFORE_PASSWORD + password + "\n");
		Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
		return password;
	}

	private static String random() {
		byte[] bytes = new byte[RANDOM_BYTES];
		new SecureRandom().nextBytes(bytes);
		return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
	}

}
