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
				.atMost(Duration.ofSeconds(60))
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
		List<Long> uncorrected = jdbc.queryForList(
				"SELECT %s FROM observatory.trace_spans WHERE end_time IS NULL".formatted(Subject.SPANS.number()),
				Long.class);
		assertThat(uncorrected).as("spans whose correction was accepted, and is missing")
			.isSubsetOf(processes.stream().flatMap((process) -> process.doubtful(Subject.SPANS).stream()).toList());
		return ledger.verdict(jdbc);
	}

}
