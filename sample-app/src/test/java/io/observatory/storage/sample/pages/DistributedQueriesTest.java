package io.observatory.storage.sample.pages;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A distributed PostgreSQL (Citus 13, "SQL Support and Workarounds") does not take each
 * query that one server takes. Those of the pages, as they stand in the sources, have
 * none of the forms that it refused.
 */
class DistributedQueriesTest {

	private static final Path SOURCES = Path.of("src", "main", "java", "io", "observatory", "storage", "sample",
			"pages");

	private static final Pattern TEXT_BLOCK = Pattern.compile("\"\"\"\\n(.*?)\"\"\"", Pattern.DOTALL);

	private static List<String> queries;

	@BeforeAll
	static void read() throws IOException {
		try (Stream<Path> files = Files.walk(SOURCES)) {
			queries = files.filter((file) -> file.toString().endsWith(".java"))
				.flatMap((file) -> TEXT_BLOCK.matcher(text(file)).results())
				.map((block) -> block.group(1))
				.filter((text) -> text.contains("SELECT"))
				.toList();
		}
		assertThat(queries).hasSizeGreaterThan(30);
	}

	private static String text(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Test
	void noneIsRecursive() {
		assertThat(queries).noneMatch((sql) -> sql.contains("RECURSIVE"));
	}

	/** It may for the rows of a table, which lie together with those it asks for. */
	@Test
	void noneAsksForTheFirstRowsOfEachElementOfAnArray() {
		Pattern firstOfEach = Pattern.compile("unnest\\(.*LATERAL \\(.*\\b(LIMIT|FETCH)\\b", Pattern.DOTALL);
		assertThat(queries).noneMatch((sql) -> firstOfEach.matcher(sql).find());
	}

	/** All of its rows would be fetched. */
	@Test
	void noneAsksForAllRowsToSeeWhetherThereIsOne() {
		Pattern anyRow = Pattern.compile("EXISTS \\(SELECT( 1)? FROM \\w+( AS \\w+)?\\)");
		assertThat(queries).noneMatch((sql) -> anyRow.matcher(sql).find());
	}

	/** A span and the score of its response are on different servers. */
	@Test
	void noneJoinsSpansAndScoresByTheResponseForEachTrace() {
		assertThat(queries).anyMatch((sql) -> sql.contains("s.response_id = r.id"))
			.noneMatch((sql) -> sql.contains("s.response_id = p."));
	}

}
