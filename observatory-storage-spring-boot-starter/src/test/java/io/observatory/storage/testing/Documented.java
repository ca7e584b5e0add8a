package io.observatory.storage.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The SQL of docs/capture.md.
 */
public final class Documented {

	private static final Path PAGE = Path.of("..", "docs", "capture.md");

	private Documented() {
	}

	/** Returns the block of that name: <code>```sql name</code>. */
	public static String sql(String name) {
		Matcher block = Pattern.compile("```sql " + Pattern.quote(name) + "\n(.*?)```", Pattern.DOTALL).matcher(page());
		if (!block.find()) {
			throw new AssertionError("docs/capture.md has no SQL " + name);
		}
		return block.group(1);
	}

	/** How many there are. */
	public static long count() {
		return Pattern.compile("^```sql", Pattern.MULTILINE).matcher(page()).results().count();
	}

	private static String page() {
		try {
			return Files.readString(PAGE);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
