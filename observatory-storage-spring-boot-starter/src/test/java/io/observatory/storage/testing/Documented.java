package io.observatory.storage.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The SQL of a page of the documentation.
 */
public final class Documented {

	private static final Pattern BLOCK = Pattern.compile("^```sql(?: (\\S+))?\n(.*?)^```",
			Pattern.DOTALL | Pattern.MULTILINE);

	private Documented() {
	}

	/**
	 * Returns the blocks of a page by their names, <code>```sql name</code>, in their
	 * order. Each must have one.
	 */
	public static Map<String, String> sql(String page) {
		Map<String, String> blocks = new LinkedHashMap<>();
		BLOCK.matcher(text(page)).results().forEach((block) -> add(block, blocks, page));
		return blocks;
	}

	private static void add(MatchResult block, Map<String, String> blocks, String page) {
		if (block.group(1) == null || blocks.put(block.group(1), block.group(2)) != null) {
			throw new AssertionError("docs/" + page + " has SQL without a name, or twice under one: " + block.group(2));
		}
	}

	private static String text(String page) {
		try {
			return Files.readString(Path.of("..", "docs", page));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
