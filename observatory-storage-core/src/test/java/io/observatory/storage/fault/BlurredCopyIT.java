package io.observatory.storage.fault;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

import javax.sql.DataSource;

import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.model.LogRecord;
import io.observatory.storage.model.TraceSpan;
import io.observatory.storage.stats.WriterStatus.State;
import io.observatory.storage.testing.Database;
import io.observatory.storage.testing.Records;
import io.observatory.storage.writer.LogWriter;
import io.observatory.storage.writer.TraceWriter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A server whose COPY does not say what is wrong with a row: the other write method finds
 * it out, so that nothing is stored twice, put aside wrongly, or held up.
 */
class BlurredCopyIT {

	private static final int ROWS = 200;

	private final Database database = Database.get();

	private final DataSource dataSource = BlurredCopy.on(this.database.dataSource());

	@BeforeEach
	void clear() {
		this.database.clear();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			ADD CONSTRAINT no_poison CHECK (body <> 'bad') | DROP CONSTRAINT no_poison         | 23514
			ALTER severity_number SET NOT NULL             | ALTER severity_number DROP NOT NULL | 23502
			""")
	void aRefusedLogIsPutAsideAlone(String constraint, String without, String sqlState) {
		LogRecord bad = LogRecord.builder().timestamp(Records.START).serviceName("checkout").body("bad").build();
		List<UUID> good = new ArrayList<>();
		this.database.jdbc().execute("ALTER TABLE observatory.logs " + constraint);
		try {
			LogWriter writer = logs((open) -> {
				open.writeLog(bad);
				for (int i = 0; i < ROWS; i++) {
					LogRecord log = Records.log(i);
					good.add(log.id());
					open.writeLog(log);
				}
			});
			Stored.assertSettled(writer, ROWS, 1, 0);
		}
		finally {
			this.database.jdbc().execute("ALTER TABLE observatory.logs " + without);
		}
		Stored.assertOnce("logs", good);
		assertThat(Stored.deadIds("logs")).containsExactly(bad.id());
		assertThat(this.database.rows("SELECT sql_state FROM observatory.dead_letters").get(0))
			.containsEntry("sql_state", sqlState);
	}

	@Test
	void aMissingDayIsMade() {
		String today = this.database.jdbc()
			.queryForObject(
					"SELECT partition_name FROM observatory.append_partitions() "
							+ "WHERE table_name = 'logs' AND now() >= lower_bound AND now() < upper_bound",
					String.class);
		this.database.jdbc().execute("DROP TABLE observatory." + today);
		LogWriter writer = logs((open) -> open
			.writeLog(LogRecord.builder().timestamp(Instant.now()).serviceName("checkout").body("late").build()));
		Stored.assertSettled(writer, 1, 0, 0);
		assertThat(this.database.count(today)).isOne();
	}

	@Test
	void spansThatAreSentAgainAreStoredOnce() {
		List<TraceSpan> spans = new ArrayList<>();
		for (int i = 0; i < ROWS; i++) {
			spans.add(Records.span(i / 10, i));
		}
		TraceWriter writer = new TraceWriter(this.dataSource, WriterConfig.traces().maxConcurrency(1).build());
		try (writer) {
			for (int time = 0; time < 3; time++) {
				writer.writeSpans(spans);
				writer.flush();
			}
		}
		Stored.assertSettled(writer, 3 * ROWS, 0, 0);
		assertThat(this.database.count("trace_spans")).isEqualTo(ROWS);
		assertThat(this.database.rows("SELECT DISTINCT span_count FROM observatory.traces")).singleElement()
			.satisfies((trace) -> assertThat(trace).containsEntry("span_count", 10));
	}

	private LogWriter logs(Consumer<LogWriter> records) {
		LogWriter writer = new LogWriter(this.dataSource, WriterConfig.logs().maxConcurrency(1).build());
		try (writer) {
			records.accept(writer);
			writer.flush();
			assertThat(writer.status().state()).isEqualTo(State.RUNNING);
		}
		return writer;
	}

}
