package io.observatory.storage.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import javax.sql.DataSource;

import io.observatory.storage.writer.Writer;
import org.awaitility.Awaitility;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What killed processes have left in a spool: stored by one that is not killed, and
 * compared with what they had accepted.
 */
final class SpoolRest {

	/** Those of which the correction was not accepted. */
	private static final String OPEN_SPANS = "SELECT " + Subject.SPANS.number()
			+ " FROM observatory.trace_spans WHERE end_time IS NULL";

	/** A thousand processes leave some million rows. */
	private static final Duration AT_MOST = Length.of(Duration.ofMinutes(15), Duration.ofMinutes(1));

	private SpoolRest() {
	}

	static Verdict store(Path directory, DataSource dataSource, List<SpoolProcess> processes) {
		List<Writer> writers = new ArrayList<>();
		try {
			for (Subject subject : SpoolChild.SUBJECTS) {
				writers.add(subject.open(dataSource, SpoolChild.config(directory.resolve("spool")).build()));
			}
			// nothing is left when the logs of all dead processes are deleted
			Awaitility.await()
				.atMost(AT_MOST)
				.pollInterval(Duration.ofMillis(20))
				// one may be deleted while it is looked at
				.ignoreException(UncheckedIOException.class)
				.untilAsserted(() -> assertThat(logs(directory)).isEqualTo(2L * SpoolChild.SUBJECTS.size()));
			writers.forEach((writer) -> Stored.assertAddsUp(writer.writeStats()));
		}
		finally {
			writers.forEach(Writer::close);
		}
		return compare(dataSource, processes);
	}

	private static long logs(Path directory) throws IOException {
		try (Stream<Path> files = Files.walk(directory.resolve("spool"))) {
			return files.filter((file) -> file.endsWith("lock")).count();
		}
	}

	private static Verdict compare(DataSource dataSource, List<SpoolProcess> processes) {
		JdbcTemplate jdbc = new JdbcTemplate(dataSource);
		Ledger ledger = new Ledger();
		processes.forEach((process) -> process.enterInto(ledger, jdbc));
		assertThat(jdbc.queryForList(OPEN_SPANS, Long.class)).as("corrections that are missing")
			.allMatch((number) -> processes.stream().anyMatch((process) -> process.isDoubtful(Subject.SPANS, number)));
		return ledger.verdict(jdbc);
	}

}
