package io.observatory.storage.fault;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import io.observatory.storage.config.RetryConfig;
import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.model.Ids;
import io.observatory.storage.model.LogRecord;
import io.observatory.storage.model.TraceSpan;
import io.observatory.storage.session.WriteMethod;
import io.observatory.storage.testing.Database;
import io.observatory.storage.testing.Engine;
import io.observatory.storage.testing.NotOn;
import io.observatory.storage.testing.Records;
import io.observatory.storage.writer.LogWriter;
import io.observatory.storage.writer.TraceWriter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A distributed server that says of any row that its nodes refuse in a COPY that
 * something internal failed, and names no constraint: the writers find out by INSERT, put
 * the rows at fault aside, and go on with COPY.
 */
@NotOn(value = Engine.CITUS, because = "the errors are blurred before the proxy sees them")
class BlurredErrorsIT {

	private static final int ROWS = 500;

	private final Database database = Database.get();

	private final CuttingProxy proxy = new CuttingProxy(this.database.port());

	private final List<UUID> good = new ArrayList<>();

	private final List<UUID> bad = new ArrayList<>();

	@BeforeEach
	void clear() {
		this.database.clear();
		this.proxy.blurErrors();
	}

	@AfterEach
	void close() {
		this.proxy.close();
	}

	@ParameterizedTest
	@EnumSource(names = { "AUTO", "COPY" })
	void rowThatBreaksARuleIsPutAsideAlone(WriteMethod method) {
		LogWriter writer = new LogWriter(this.proxy.dataSource(), config(WriterConfig.logs(), method));
		change("logs", "ADD CONSTRAINT no_poison CHECK (body NOT LIKE 'bad%')");
		try (writer) {
			writer.writeLogs(logs("bad"));
			assertThat(writer.flush().deadLettered()).isEqualTo(this.bad.size());
			assertThat(this.proxy.blurred()).isEqualTo(1);
		}
		finally {
			change("logs", "DROP CONSTRAINT no_poison");
		}
		assertIsolated(writer, "23514");
	}

	/** As if its partition were missing: the row is looked for when that was made. */
	@Test
	void rowThatBreaksARuleWithoutANameIsPutAsideAlone() {
		LogWriter writer = new LogWriter(this.proxy.dataSource(), config(WriterConfig.logs(), WriteMethod.INSERT));
		change("logs", "ADD CONSTRAINT no_poison CHECK (body <> 'worst')");
		try (writer) {
			List<LogRecord> logs = logs("bad");
			LogRecord worst = LogRecord.builder()
				.timestamp(Records.START)
				.serviceName("checkout")
				.body("worst")
				.build();
			logs.add(ROWS / 2, worst);
			this.good.addAll(this.bad);
			this.bad.clear();
			this.bad.add(worst.id());
			writer.writeLogs(logs);
			assertThat(writer.flush().deadLettered()).isEqualTo(1);
		}
		finally {
			change("logs", "DROP CONSTRAINT no_poison");
		}
		assertIsolated(writer, "23514");
		assertThat(this.database.rows("SELECT constraint_name FROM observatory.dead_letters")).singleElement()
			.satisfies((letter) -> assertThat(letter).containsEntry("constraint_name", null));
	}

	@ParameterizedTest
	@EnumSource(names = { "AUTO", "COPY" })
	void rowWithoutAValueIsPutAsideAlone(WriteMethod method) {
		LogWriter writer = new LogWriter(this.proxy.dataSource(), config(WriterConfig.logs(), method));
		change("logs", "ALTER COLUMN body SET NOT NULL");
		try (writer) {
			writer.writeLogs(logs(null));
			assertThat(writer.flush().deadLettered()).isEqualTo(this.bad.size());
			assertThat(this.proxy.blurred()).isEqualTo(1);
		}
		finally {
			change("logs", "ALTER COLUMN body DROP NOT NULL");
		}
		assertIsolated(writer, "23502");
	}

	/** The first one is found out; the next ones go by the stage, as any other time. */
	@ParameterizedTest
	@EnumSource(names = { "AUTO", "COPY" })
	void spansThatWereStoredBeforeAreStoredOnce(WriteMethod method) {
		List<TraceSpan> spans = new ArrayList<>();
		for (int number = 0; number < ROWS; number++) {
			spans.add(Records.span(number / 10, number));
			this.good.add(Ids.span(Ids.trace(Records.traceId(number / 10)), Records.spanId(number)));
		}
		TraceWriter writer = new TraceWriter(this.proxy.dataSource(), config(WriterConfig.traces(), method));
		try (writer) {
			for (int time = 0; time < 3; time++) {
				writer.writeSpans(spans);
				writer.flush();
			}
			assertThat(this.proxy.blurred()).isEqualTo(1);
		}
		Stored.assertOnce("trace_spans", this.good);
		Stored.assertSettled(writer, 3 * ROWS, 0, 0);
		assertThat(this.database.rows("SELECT DISTINCT span_count FROM observatory.traces")).singleElement()
			.satisfies((trace) -> assertThat(trace).containsEntry("span_count", 10));
	}

	private List<LogRecord> logs(String poison) {
		List<LogRecord> logs = new ArrayList<>();
		for (int number = 1; number <= ROWS; number++) {
			LogRecord log = Records.log(number);
			if (number % 100 == 50) {
				log = LogRecord.builder().timestamp(Records.START).serviceName("checkout").body(poison).build();
			}
			logs.add(log);
			((number % 100 == 50) ? this.bad : this.good).add(log.id());
		}
		return logs;
	}

	private static WriterConfig config(WriterConfig.Builder config, WriteMethod method) {
		return config.batchSize(10_000)
			.maxConcurrency(1)
			.writeMethod(method)
			.retry(new RetryConfig(2, Duration.ofMillis(5), 2, Duration.ofMillis(20)))
			.build();
	}

	private void change(String table, String change) {
		this.database.jdbc().execute("ALTER TABLE observatory." + table + " " + change);
	}

	private void assertIsolated(LogWriter writer, String state) {
		Stored.assertOnce("logs", this.good);
		assertThat(Stored.deadIds("logs")).containsExactlyInAnyOrderElementsOf(this.bad);
		assertThat(this.database.rows("SELECT DISTINCT sql_state FROM observatory.dead_letters")).singleElement()
			.satisfies((letter) -> assertThat(letter).containsEntry("sql_state", state));
		Stored.assertSettled(writer, this.good.size(), this.bad.size(), 0);
	}

}
