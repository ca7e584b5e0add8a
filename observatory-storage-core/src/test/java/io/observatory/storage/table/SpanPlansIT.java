package io.observatory.storage.table;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import com.zaxxer.hikari.HikariDataSource;
import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.model.TraceSpan;
import io.observatory.storage.session.WriteMethod;
import io.observatory.storage.testing.Database;
import io.observatory.storage.testing.Engine;
import io.observatory.storage.testing.NotOn;
import io.observatory.storage.testing.Records;
import io.observatory.storage.writer.TraceWriter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How the server finds the spans that a batch corrects. It may keep a plan for as long as
 * the connection lives (PostgreSQL manual, PREPARE), and the days of spans grow
 * meanwhile.
 */
@EnabledIfSystemProperty(named = Database.LAYOUT_PROPERTY, matches = "partitioned")
@NotOn(value = Engine.CITUS, because = "a shard's statistics are its worker's")
@NotOn(value = Engine.TIMESCALEDB, because = "a day's chunk is made with its first row")
class SpanPlansIT {

	private static final int SPANS = 20_000;

	private static final int CORRECTED = 70;

	/** More than the driver and the server wait for before they keep a plan. */
	private static final int VERSIONS = 12;

	private final Database database = Database.get();

	@BeforeEach
	void clear() {
		this.database.clear();
	}

	/** Whoever analyzes the whole database says of the days ahead that they are empty. */
	@ParameterizedTest
	@EnumSource(names = { "COPY", "INSERT" })
	void aDayIsNotReadForEachSpanBecauseItWasEmptyBefore(WriteMethod method) {
		Instant today = Instant.now();
		Instant tomorrow = today.plus(Duration.ofDays(1));
		this.database.jdbc().execute("ANALYZE observatory.trace_spans");
		this.database.jdbc().execute("SELECT pg_stat_reset()");
		try (HikariDataSource dataSource = TraceWriting.pool(this.database.port());
				TraceWriter writer = new TraceWriter(dataSource,
						WriterConfig.traces().writeMethod(method).maxConcurrency(1).build())) {
			write(writer, spans(today, SPANS, 0));
			for (int version = 1; version <= VERSIONS; version++) {
				write(writer, spans(today, CORRECTED, version));
			}
			write(writer, spans(tomorrow, SPANS, 0));
			write(writer, spans(tomorrow, CORRECTED, 1));
			assertThat(writer.writeStats().stored()).isEqualTo(2 * SPANS + (VERSIONS + 1) * CORRECTED);
		}
		TraceWriting.awaitStatistics(this.database.jdbc());
		assertThat(statistics("n_tup_upd")).as("corrected").isEqualTo((VERSIONS + 1) * CORRECTED);
		// the traces are counted anew with a kept plan, once a batch
		assertThat(statistics("seq_tup_read")).as("read by sequential scans").isLessThan((VERSIONS + 1) * SPANS);
	}

	private static void write(TraceWriter writer, List<TraceSpan> spans) {
		writer.writeSpans(spans);
		writer.flush();
	}

	private static List<TraceSpan> spans(Instant day, int count, int version) {
		return IntStream.range(0, count)
			.mapToObj((span) -> TraceSpan.builder()
				.traceId(Records.traceId(span / 10))
				.spanId(Records.spanId(span))
				.name("chat")
				.serviceName("shop")
				.startTime(day.plusMillis(span))
				.endTime(day.plusSeconds(60 + version))
				.attributes(Map.of("gen_ai.input.messages", "x".repeat(500)))
				.build())
			.toList();
	}

	private long statistics(String column) {
		Long sum = this.database.jdbc()
			.queryForObject("SELECT sum(" + column + ") FROM pg_stat_user_tables WHERE schemaname = 'observatory' "
					+ "AND relname LIKE 'trace_spans%'", Long.class);
		return (sum != null) ? sum : 0;
	}

}
