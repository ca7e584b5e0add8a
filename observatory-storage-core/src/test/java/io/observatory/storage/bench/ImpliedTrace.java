package io.observatory.storage.bench;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.observatory.storage.bench.SqlTable.Field;
import io.observatory.storage.model.Ids;
import io.observatory.storage.model.TraceSpan;
import io.observatory.storage.row.ColumnType;
import org.jspecify.annotations.Nullable;

/**
 * What the spans of a batch say of their trace, as a program without the library would
 * add them up.
 *
 * @param traceId the trace
 * @param serviceName the service of its first span
 * @param startTime the earliest start
 * @param endTime the latest end
 * @param status the status of its first span
 * @param rootSpanName the name of its root span
 * @param spans how many spans there are
 */
record ImpliedTrace(String traceId, String serviceName, Instant startTime, Instant endTime, String status,
		@Nullable String rootSpanName, int spans) {

	static final SqlTable<ImpliedTrace> TABLE = SqlTable.of("observatory", "traces", """
			ON CONFLICT (id) DO UPDATE SET start_time = least(traces.start_time, excluded.start_time),
			end_time = greatest(traces.end_time, excluded.end_time),
			root_span_name = coalesce(traces.root_span_name, excluded.root_span_name),
			span_count = traces.span_count + excluded.span_count, updated_at = now()""",
			new Field<>("id", ColumnType.UUID, (trace) -> Ids.trace(trace.traceId())),
			new Field<>("trace_id", ColumnType.TEXT, ImpliedTrace::traceId),
			new Field<>("service_name", ColumnType.TEXT, ImpliedTrace::serviceName),
			new Field<>("start_time", ColumnType.TIMESTAMPTZ, ImpliedTrace::startTime),
			new Field<>("end_time", ColumnType.TIMESTAMPTZ, ImpliedTrace::endTime),
			new Field<>("duration_us", ColumnType.BIGINT,
					(trace) -> Duration.between(trace.startTime(), trace.endTime()).toNanos() / 1000),
			new Field<>("status", ColumnType.TEXT, ImpliedTrace::status),
			new Field<>("root_span_name", ColumnType.TEXT, ImpliedTrace::rootSpanName),
			new Field<>("span_count", ColumnType.INTEGER, ImpliedTrace::spans));

	static List<ImpliedTrace> of(Collection<TraceSpan> spans) {
		Map<String, ImpliedTrace> traces = new LinkedHashMap<>();
		spans.forEach((span) -> traces.merge(span.traceId(), of(span), ImpliedTrace::and));
		return List.copyOf(traces.values());
	}

	private static ImpliedTrace of(TraceSpan span) {
		Instant end = (span.endTime() != null) ? span.endTime() : span.startTime();
		return new ImpliedTrace(span.traceId(), span.serviceName(), span.startTime(), end, span.status().text(),
				(span.parentSpanId() == null) ? span.name() : null, 1);
	}

	private ImpliedTrace and(ImpliedTrace other) {
		return new ImpliedTrace(this.traceId, this.serviceName,
				this.startTime.isBefore(other.startTime) ? this.startTime : other.startTime,
				this.endTime.isAfter(other.endTime) ? this.endTime : other.endTime, this.status,
				(this.rootSpanName != null) ? this.rootSpanName : other.rootSpanName, this.spans + other.spans);
	}

}
