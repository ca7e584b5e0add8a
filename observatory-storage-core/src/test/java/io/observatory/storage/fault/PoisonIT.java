package io.observatory.storage.fault;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

import io.observatory.storage.config.RetryConfig;
import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.model.Ids;
import io.observatory.storage.model.LogRecord;
import io.observatory.storage.model.Metric;
import io.observatory.storage.model.MetricType;
import io.observatory.storage.session.WriteMethod;
import io.observatory.storage.stats.WriterStatus.State;
import io.observatory.storage.testing.Database;
import io.observatory.storage.testing.Engine;
import io.observatory.storage.testing.Records;
import io.observatory.storage.writer.LogWriter;
import io.observatory.storage.writer.MetricWriter;
import io.observatory.storage.writer.TraceWriter;
import io.observatory.storage.writer.Writer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Rows that the server refuses, by a constraint that somebody added to the tables: they
 * are put aside alone, and their neighbours are stored.
 */
class PoisonIT {

	private final Database database = Database.get();

	private final List<UUID> good = new ArrayList<>();

	private final List<UUID> bad = new ArrayList<>();

	@BeforeEach
	void clear() {
		this.database.clear();
	}

	static Stream<Arguments> logBatches() {
		return Stream.of(WriteMethod.COPY, WriteMethod.INSERT)
			.flatMap((method) -> Stream.of(Arguments.of(method, 1, 1), Arguments.of(method, 3, 2),
					Arguments.of(method, 200, 200), Arguments.of(method, 5000, 100)));
	}

	@ParameterizedTest(name = "{0}, {1} rows, each {2}th bad")
	@MethodSource("logBatches")
	void aBadLogIsPutAsideAlone(WriteMethod method, int rows, int every) {
		LogWriter writer = new LogWriter(this.database.dataSource(), config(method));
		withConstraint("logs", "CHECK (body NOT LIKE 'bad%')", () -> {
			try (writer) {
				writer.writeLogs(logs(rows, every));
				assertThat(writer.flush().deadLettered()).isEqualTo(this.bad.size());
				assertThat(writer.status().state()).isEqualTo(State.RUNNING);
			}
		});
		assertIsolated(writer, "logs");
	}

	@ParameterizedTest
	@EnumSource(names = { "COPY", "INSERT" })
	void aBadMetricIsPutAsideAlone(WriteMethod method) {
		MetricWriter writer = new MetricWriter(this.database.dataSource(), config(method));
		withConstraint("metrics", "CHECK (unit <> 'bad')", () -> {
			try (writer) {
				for (int i = 0; i < 300; i++) {
					boolean isBad = i % 100 == 50;
					Metric metric = Metric.builder()
						.name("requests." + i)
						.unit(isBad ? "bad" : "1")
						.type(MetricType.GAUGE)
						.serviceName("checkout")
						.build();
					writer.writeMetric(metric);
					(isBad ? this.bad : this.good).add(Ids.metric(metric.name(), "checkout"));
				}
			}
		});
		assertIsolated(writer, "metrics");
	}

	@ParameterizedTest
	@EnumSource(names = { "COPY", "INSERT" })
	void aBadSpanIsPutAsideAlone(WriteMethod method) {
		TraceWriter writer = new TraceWriter(this.database.dataSource(), config(method));
		withConstraint("trace_spans", "CHECK (name NOT IN ('chat 7', 'chat 123', 'chat 124'))", () -> {
			try (writer) {
				for (int i = 0; i < 300; i++) {
					boolean isBad = i == 7 || i == 123 || i == 124;
					(isBad ? this.bad : this.good).add(Subject.SPANS.write(writer, i));
				}
			}
		});
		assertIsolated(writer, "trace_spans");
		assertThat(this.database.rows("SELECT 1 FROM observatory.traces t WHERE span_count <> "
				+ "(SELECT count(*) FROM observatory.trace_spans s WHERE s.trace_id = t.id)"))
			.as("traces whose span count is wrong")
			.isEmpty();
	}

	/** Then it is not the data that is wrong, and nothing may be put aside for it. */
	@Test
	void whenMostRowsAreRefusedTheWriterStopsAndKeepsThem() {
		LogWriter writer = new LogWriter(this.database.dataSource(), config(WriteMethod.AUTO));
		try (writer) {
			withConstraint("logs", "CHECK (body NOT LIKE 'bad%' AND body NOT LIKE 'Request%')", () -> {
				writer.writeLogs(logs(100, 3));
				assertThatThrownBy(writer::flush).hasMessageContaining("more than half");
				assertThat(writer.status().state()).isEqualTo(State.STOPPED);
				assertThat(writer.writeStats().inFlight()).isEqualTo(100);
				assertThat(this.database.count("dead_letters")).isZero();
				// then it pauses: a constraint that goes away half way is another story
				Awaitility.await().until(() -> writer.writeStats().retries() >= 2);
			});
			Awaitility.await()
				.atMost(Duration.ofSeconds(10))
				.untilAsserted(() -> assertThat(writer.writeStats().stored()).as("%s", writer.status()).isEqualTo(100));
		}
		this.good.addAll(this.bad);
		Stored.assertOnce("logs", this.good);
		Stored.assertSettled(writer, 100, 0, 0);
	}

	private List<LogRecord> logs(int rows, int every) {
		List<LogRecord> logs = new ArrayList<>();
		for (int i = 1; i <= rows; i++) {
			LogRecord log = Records.log(i);
			if (i % every == 0) {
				log = LogRecord.builder().timestamp(Records.START).serviceName("checkout").body("bad " + i).build();
			}
			logs.add(log);
			((i % every == 0) ? this.bad : this.good).add(log.id());
		}
		return logs;
	}

	private static WriterConfig config(WriteMethod method) {
		return WriterConfig.logs()
			.batchSize(10_000)
			.maxConcurrency(1)
			.writeMethod(method)
			.retry(new RetryConfig(2, Duration.ofMillis(5), 2, Duration.ofMillis(20)))
			.build();
	}

	private void withConstraint(String table, String check, Runnable action) {
		this.database.jdbc().execute("ALTER TABLE observatory." + table + " ADD CONSTRAINT no_poison " + check);
		try {
			action.run();
		}
		finally {
			this.database.jdbc().execute("ALTER TABLE observatory." + table + " DROP CONSTRAINT no_poison");
		}
	}

	private void assertIsolated(Writer writer, String table) {
		Stored.assertOnce(table, this.good);
		assertThat(Stored.deadIds(table)).containsExactlyInAnyOrderElementsOf(this.bad);
		assertThat(this.database.rows("SELECT DISTINCT sql_state, constraint_name FROM observatory.dead_letters"))
			.singleElement()
			.satisfies((letter) -> assertThat(letter).containsEntry("sql_state", "23514")
				.containsEntry("constraint_name", constraintName()));
		assertThat(this.database.rows("SELECT 1 FROM observatory.dead_letters WHERE reason LIKE '%bad%'")).isEmpty();
		Stored.assertSettled(writer, this.good.size(), this.bad.size(), 0);
	}

	/** Citus hands on a worker's error without the name. */
	private @Nullable String constraintName() {
		return (this.database.engine() == Engine.CITUS) ? null : "no_poison";
	}

}
