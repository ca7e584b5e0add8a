package io.observatory.storage.testing;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

import io.observatory.storage.model.LogRecord;
import io.observatory.storage.stats.WriteStats;
import io.observatory.storage.writer.Writer;

import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Log records, and where they went.
 */
public final class Logs {

	private Logs() {
	}

	public static LogRecord log() {
		return LogRecord.builder().timestamp(Instant.now()).serviceName("test").body("hello").build();
	}

	public static List<LogRecord> logs(int count) {
		return IntStream.range(0, count).mapToObj((i) -> log()).toList();
	}

	public static List<UUID> ids(List<LogRecord> logs) {
		return logs.stream().map(LogRecord::id).toList();
	}

	public static List<UUID> storedIds(JdbcTemplate jdbc) {
		return jdbc.queryForList("SELECT id FROM observatory.logs", UUID.class);
	}

	/**
	 * Asserts that exactly these logs are stored, each once, and that the writer counted
	 * them so.
	 */
	public static void assertStored(JdbcTemplate jdbc, Writer writer, List<LogRecord> logs) {
		assertThat(storedIds(jdbc)).containsExactlyInAnyOrderElementsOf(ids(logs));
		WriteStats stats = assertConserved(writer);
		assertThat(stats.accepted()).isEqualTo(logs.size());
		assertThat(stats.stored()).isEqualTo(logs.size());
	}

	/**
	 * Waits until exactly these logs are stored; the table may not be there yet.
	 */
	public static void awaitStored(JdbcTemplate jdbc, Writer writer, List<LogRecord> logs) {
		await().ignoreException(BadSqlGrammarException.class).untilAsserted(() -> assertStored(jdbc, writer, logs));
	}

	/**
	 * Asserts that the writer knows of each accepted record where it is.
	 */
	public static WriteStats assertConserved(Writer writer) {
		WriteStats stats = writer.writeStats();
		assertThat(stats.accepted()).as("%s", stats)
			.isEqualTo(
					stats.stored() + stats.deadLettered() + stats.droppedTotal() + stats.buffered() + stats.inFlight());
		return stats;
	}

}
