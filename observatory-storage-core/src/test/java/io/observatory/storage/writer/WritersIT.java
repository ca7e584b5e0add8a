package io.observatory.storage.writer;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.observatory.storage.model.LogRecord;
import io.observatory.storage.model.Trace;
import io.observatory.storage.model.TraceEvent;
import io.observatory.storage.model.TraceSpan;
import io.observatory.storage.session.WriteMethod;
import io.observatory.storage.stats.FlushResult;
import io.observatory.storage.stats.WriteStats;
import io.observatory.storage.testing.Buffers;
import io.observatory.storage.testing.Database;
import io.observatory.storage.testing.Records;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The writers end to end against a real PostgreSQL.
 */
class WritersIT {

	private final Database database = Database.get();

	@BeforeEach
	void clear() {
		this.database.clear();
	}

	@ParameterizedTest
	@EnumSource
	void logsAreStoredOnce(WriteMethod method) {
		List<LogRecord> logs = LongStream.range(0, 5000).mapToObj(Records::log).toList();
		LogWriter writer = new LogWriter(this.database.dataSource(), Buffers.logs().writeMethod(method).build());
		try (writer) {
			logs.forEach(writer::writeLog);
			FlushResult result = writer.flush();
			assertThat(result.deadLettered()).isZero();
		}
		assertThat(this.database.jdbc().queryForList("SELECT id FROM observatory.logs", java.util.UUID.class))
			.containsExactlyInAnyOrderElementsOf(logs.stream().map(LogRecord::id).toList());
		assertAddsUp(writer.writeStats(), 5000);
	}

	@ParameterizedTest
	@EnumSource
	void metricsAndPointsAreStored(WriteMethod method) {
		MetricWriter writer = new MetricWriter(this.database.dataSource(),
				Buffers.metrics().writeMethod(method).build());
		try (writer) {
			for (int i = 0; i < 300; i++) {
				writer.writeMetric(Records.metric("requests." + i % 100));
				writer.writeDataPoint(Records.point("requests." + i % 100, i));
			}
		}
		assertThat(this.database.count("metrics")).isEqualTo(100);
		assertThat(this.database
			.rows("SELECT 1 FROM observatory.metric_data_points p JOIN observatory.metrics m ON m.id = p.metric_id"))
			.hasSize(300);
		assertAddsUp(writer.writeStats(), 600);
	}

	@ParameterizedTest
	@EnumSource
	void aTraceIsAssembledFromItsSpans(WriteMethod method) {
		TraceWriter writer = new TraceWriter(this.database.dataSource(), Buffers.traces().writeMethod(method).build());
		try (writer) {
			for (int i = 0; i < 1000; i++) {
				TraceSpan span = Records.span(i / 10, i);
				writer.writeSpan((i % 10 == 0) ? span : child(span, i / 10 * 10));
			}
			writer.writeEvent(TraceEvent.builder()
				.traceId(Records.traceId(3))
				.spanId(Records.spanId(30))
				.name("cache miss")
				.timestamp(Records.START)
				.build());
			writer.writeTrace(Trace.builder()
				.traceId(Records.traceId(5))
				.serviceName("declared")
				.startTime(Records.START)
				.build());
			writer.flush();
		}
		assertAddsUp(writer.writeStats(), 1002);
		assertThat(this.database.count("trace_spans")).isEqualTo(1000);
		assertThat(this.database
			.rows("SELECT 1 FROM observatory.trace_events e JOIN observatory.trace_spans s ON s.id = e.span_id"))
			.hasSize(1);
		List<Map<String, Object>> traces = this.database
			.rows("SELECT * FROM observatory.traces WHERE service_name <> 'declared' ORDER BY trace_id");
		assertThat(traces).hasSize(99).allSatisfy((trace) -> {
			assertThat(trace).containsEntry("span_count", 10)
				.containsEntry("status", "ok")
				.containsEntry("duration_us", 259_000L);
			assertThat((String) trace.get("root_span_name")).startsWith("chat ");
		});
		assertThat(this.database.rows("SELECT * FROM observatory.traces WHERE service_name = 'declared'"))
			.singleElement()
			.satisfies((trace) -> assertThat(trace).containsEntry("span_count", 10)
				.containsEntry("root_span_name", "chat 50"));
	}

	@Test
	void whatTheApplicationHasPreparedOnItsConnectionStaysPrepared() throws SQLException {
		HikariConfig pool = new HikariConfig();
		pool.setDataSource(this.database.dataSource());
		pool.setMaximumPoolSize(1);
		try (HikariDataSource dataSource = new HikariDataSource(pool);
				TraceWriter writer = new TraceWriter(dataSource, Buffers.traces().build())) {
			String prepared = prepare(dataSource);
			writer.writeSpan(Records.span(1, 1));
			writer.flush();
			assertThat(prepare(dataSource)).isEqualTo(prepared);
		}
	}

	/** Returns by which name the server knows a statement that was used often. */
	private static String prepare(DataSource dataSource) throws SQLException {
		String sql = "SELECT name FROM pg_prepared_statements WHERE statement LIKE '%of the application%'";
		try (Connection connection = dataSource.getConnection();
				PreparedStatement statement = connection.prepareStatement(sql)) {
			for (int i = 0; i < 10; i++) {
				statement.executeQuery();
			}
			try (ResultSet names = statement.executeQuery()) {
				assertThat(names.next()).isTrue();
				return names.getString(1);
			}
		}
	}

	private static TraceSpan child(TraceSpan span, long parent) {
		return new TraceSpan(span.traceId(), span.spanId(), Records.spanId(parent), span.name(), span.kind(),
				span.serviceName(), span.startTime(), span.endTime(), span.durationUs(), span.status(),
				span.statusMessage(), span.attributes(), span.events(), span.links());
	}

	private static void assertAddsUp(WriteStats stats, long accepted) {
		assertThat(stats.accepted()).isEqualTo(accepted)
			.isEqualTo(stats.stored() + stats.deadLettered() + stats.droppedTotal());
		assertThat(stats.buffered()).isZero();
		assertThat(stats.inFlight()).isZero();
		assertThat(stats.stored()).isEqualTo(accepted);
	}

}
