package io.observatory.storage.bench;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

import javax.sql.DataSource;

import io.observatory.storage.bench.SqlTable.Field;
import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.model.Ids;
import io.observatory.storage.model.SpanEvent;
import io.observatory.storage.model.SpanKind;
import io.observatory.storage.model.Status;
import io.observatory.storage.model.TraceSpan;
import io.observatory.storage.row.ColumnType;
import io.observatory.storage.writer.TraceWriter;
import io.observatory.storage.writer.Writer;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Spans of LLM calls, all of them new, ten a trace; their traces are assembled from them.
 */
class SpansWorkload extends Workload<TraceSpan> {

	private static final SqlTable<TraceSpan> TABLE = SqlTable.of("observatory", "trace_spans", """
			ON CONFLICT (id) DO UPDATE SET name = excluded.name, end_time = excluded.end_time,
			duration_us = excluded.duration_us, status = excluded.status, status_message = excluded.status_message,
			attributes = excluded.attributes, events = excluded.events""",
			new Field<>("id", ColumnType.UUID, TraceSpan::id),
			new Field<>("trace_id", ColumnType.UUID, (span) -> Ids.trace(span.traceId())),
			new Field<>("span_id", ColumnType.TEXT, TraceSpan::spanId),
			new Field<>("parent_span_id", ColumnType.TEXT, TraceSpan::parentSpanId),
			new Field<>("name", ColumnType.TEXT, TraceSpan::name),
			new Field<>("kind", ColumnType.TEXT, (span) -> span.kind().text()),
			new Field<>("service_name", ColumnType.TEXT, TraceSpan::serviceName),
			new Field<>("start_time", ColumnType.TIMESTAMPTZ, TraceSpan::startTime),
			new Field<>("end_time", ColumnType.TIMESTAMPTZ, TraceSpan::endTime),
			new Field<>("duration_us", ColumnType.BIGINT,
					(span) -> Duration.between(span.startTime(), span.endTime()).toNanos() / 1000),
			new Field<>("status", ColumnType.TEXT, (span) -> span.status().text()),
			new Field<>("status_message", ColumnType.TEXT, TraceSpan::statusMessage),
			new Field<>("attributes", ColumnType.JSONB, TraceSpan::attributes),
			new Field<>("events", ColumnType.JSONB, TraceSpan::events));

	SpansWorkload() {
		super("trace_spans", 90_000, new Stored("observatory.traces", "start_time"),
				new Stored("observatory.trace_spans", "start_time"));
	}

	@Override
	TraceSpan record(long number) {
		return record(number, Numbers.time(number));
	}

	final TraceSpan record(long number, Instant start) {
		long inTrace = number % Numbers.SPANS_PER_TRACE;
		return TraceSpan.builder()
			.traceId(Numbers.traceId(number / Numbers.SPANS_PER_TRACE))
			.spanId(Numbers.spanId(number))
			.parentSpanId((inTrace == 0) ? null : Numbers.spanId(number - inTrace))
			.name("chat model-large")
			.kind(SpanKind.CLIENT)
			.serviceName("service-" + number % 8)
			.startTime(start)
			.endTime(Numbers.later(start, 250))
			.status(Status.OK)
			.attributes(Map.of("gen_ai.operation.name", "chat", "gen_ai.provider.name", "openai",
					"gen_ai.request.model", "model-large", "gen_ai.response.model", "model-large-2026-05",
					"gen_ai.usage.input_tokens", 1203, "gen_ai.usage.output_tokens", 311, "gen_ai.request.temperature",
					0.7, "server.address", "api.example.com", "gen_ai.response.finish_reasons", List.of("stop"),
					"gen_ai.response.id", "chatcmpl-" + Numbers.spanId(number)))
			.events(List.of(new SpanEvent("gen_ai.choice", Numbers.later(start, 200),
					Map.of("index", 0, "finish_reason", "stop"))))
			.build();
	}

	@Override
	Writer open(DataSource dataSource, UnaryOperator<WriterConfig.Builder> configuration) {
		return new TraceWriter(dataSource, configuration.apply(WriterConfig.traces()).build());
	}

	@Override
	void write(Writer writer, TraceSpan span) {
		((TraceWriter) writer).writeSpan(span);
	}

	@Override
	List<SqlTable.TableStore<?>> loads(List<TraceSpan> spans) {
		return List.of(new SqlTable.TableStore<>(ImpliedTrace.TABLE, ImpliedTrace.of(spans)),
				new SqlTable.TableStore<>(TABLE, spans));
	}

	@Override
	void verify(JdbcTemplate jdbc, long rows) {
		super.verify(jdbc, rows);
		expect(jdbc.queryForMap("SELECT count(*) AS traces, sum(span_count) AS spans FROM observatory.traces"),
				Map.of("traces", rows / Numbers.SPANS_PER_TRACE, "spans", rows));
	}

}
