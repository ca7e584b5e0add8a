package io.observatory.storage.sample.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Another user of this machine: nobody, whom only root can become.
 */
final class OtherUser {

	private static final List<String> BECOME = List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups",
			"--");

	private OtherUser() {
	}

	/** Why there can be none here, if so. */
	static Optional<String> missing() {
		try {
			String output = run("true");
			return output.isEmpty() ? Optional.empty()
					: Optional.of("Only root can become another user (" + output.strip() + ")");
		}
		catch (UncheckedIOException ex) {
			return Optional.of("setpriv is not on the path (Debian: util-linux)");
		}
	}

	/** Runs a command as that user, and returns all it has written. */
	static String run(String... command) {
		List<String> whole = new ArrayList<>(BECOME);
		whole.addAll(List.of(command));
		ProcessBuilder builder = new ProcessBuilder(whole).redirectErrorStream(true);
		builder.environment().put("LC_ALL", "C");
		try {
			return new String(builder.start().getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
