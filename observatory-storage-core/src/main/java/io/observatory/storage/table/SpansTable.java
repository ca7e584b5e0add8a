package io.observatory.storage.table;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

import io.observatory.storage.model.Ids;
import io.observatory.storage.model.SpanEvent;
import io.observatory.storage.model.SpanLink;
import io.observatory.storage.model.TraceSpan;
import io.observatory.storage.row.ColumnType;
import io.observatory.storage.row.InputPolicy;
import io.observatory.storage.row.JsonObject;
import io.observatory.storage.row.RowEncoder;
import org.jspecify.annotations.Nullable;

/**
 * {@code trace_spans}: one row for each span id. Of several versions of a span always the
 * same one is kept, independent of the order of arrival ({@link #RANK}). A span with the
 * same id but of another trace or another kind is a different span and never overwrites
 * the stored one: with B3, client and server side of a call may share an id. A span's
 * kind never changes (OpenTelemetry trace API, "SpanKind"), so a correction has the kind
 * of what it corrects.
 */
public final class SpansTable extends Table<TraceSpan> {

	/**
	 * Which version of a span is kept, as a row to compare: the one with the later end
	 * (an open span has none); if the ends are equal, the other columns decide, only to
	 * have a fixed order.
	 */
	private static final List<String> RANK = List.of("coalesce(%s.end_time, '-infinity')", "%s.start_time",
			"coalesce(%s.duration_us, -1)", "%s.status", "%s.name", "%s.service_name",
			"coalesce(%s.parent_span_id, '')", "coalesce('.' || %s.status_message, '')", "%s.attributes",
			"coalesce(%s.events, 'null')", "coalesce(%s.links, 'null')",
			// 1 and 1.0 are equal for jsonb
			"%s.attributes::text", "coalesce(%s.events::text, '')", "coalesce(%s.links::text, '')");

	/** A longer duration is taken for a mistake and gives no end. */
	private static final long MAX_DURATION_US = TimeUnit.DAYS.toMicros(36_500);

	public SpansTable() {
		super("trace_spans", TraceSpan.class,
				List.of(uuid("id"), uuid("trace_id"), text("span_id"), text("parent_span_id"), text("name"),
						text("kind"), text("service_name"), time("start_time"), time("end_time"),
						column("duration_us", ColumnType.BIGINT), text("status"), text("status_message"),
						jsonb("attributes"), jsonb("events"), jsonb("links"), text("external_trace_id")));
	}

	@Override
	protected void encode(TraceSpan span, RowEncoder row) {
		String traceId = row.identifying("traceId", span.traceId(), InputPolicy.MAX_ID_LENGTH);
		String spanId = Ids.spanId(row.identifying("spanId", span.spanId(), InputPolicy.MAX_ID_LENGTH));
		UUID trace = Ids.trace(traceId);
		row.route(trace);
		row.uuid("id", Ids.span(trace, spanId));
		row.uuid("traceId", trace);
		row.id("spanId", spanId);
		String parent = span.parentSpanId();
		row.optionalId("parentSpanId", (parent != null) ? Ids.spanId(parent) : null);
		row.label("name", span.name());
		row.constant(span.kind().text());
		row.name("serviceName", span.serviceName());
		row.time("startTime", span.startTime());
		Instant end = end(span.startTime(), span.endTime(), span.durationUs());
		row.optionalTime("endTime", end);
		row.ages(newest(span.startTime(), end));
		row.notNegative("durationUs", duration(span.startTime(), end, span.durationUs()));
		row.constant(span.status().text());
		row.text("statusMessage", span.statusMessage());
		row.json("attributes", span.attributes());
		row.jsonArray("events", span.events(), SpansTable::event);
		row.jsonArray("links", span.links(), SpansTable::link);
		row.text("traceId", Ids.isHexTraceId(traceId) ? null : traceId);
	}

	/** If the end is missing, it is computed from the duration. */
	static @Nullable Instant end(Instant start, @Nullable Instant end, @Nullable Long durationUs) {
		if (end != null || durationUs == null || durationUs < 0 || durationUs > MAX_DURATION_US) {
			return end;
		}
		return start.plusNanos(durationUs * 1000);
	}

	/** The same rule as in delete_traces. */
	static Instant newest(Instant start, @Nullable Instant end) {
		return (end != null && end.isAfter(start)) ? end : start;
	}

	/**
	 * If the duration is missing, it is computed from the end, unless the clock was set
	 * back.
	 */
	static @Nullable Long duration(Instant start, @Nullable Instant end, @Nullable Long durationUs) {
		if (durationUs != null || end == null) {
			return durationUs;
		}
		return Math.max(0, RowEncoder.micros(end) - RowEncoder.micros(start));
	}

	private static void event(SpanEvent event, JsonObject json) {
		json.member("name", event.name())
			.member("timestamp", event.timestamp())
			.member("attributes", event.attributes());
	}

	private static void link(SpanLink link, JsonObject json) {
		json.member("trace_id", Ids.traceId(link.traceId()))
			.member("span_id", Ids.spanId(link.spanId()))
			.member("attributes", link.attributes());
	}

	/**
	 * Returns the insert of those spans of a batch that do not exist yet. Of two spans
	 * with the same id the client span comes first. If it inserts fewer rows than the
	 * batch has, {@link #correct} must follow. It has no conflict target, so that it
	 * covers both unique keys.
	 */
	public String insertNew(Schema schema, RowSource source) {
		return "INSERT INTO %s (%s) SELECT %s FROM %s ORDER BY span_id, trace_id, kind ON CONFLICT DO NOTHING"
			.formatted(schema.qualify(name()), columnList(), columnList(), source.inline());
	}

	/** Returns the update of those spans of which the batch has the better version. */
	public String correct(Schema schema, RowSource source) {
		return """
				UPDATE %1$s t SET (parent_span_id, name, service_name, start_time, end_time, duration_us, status,
				    status_message, attributes, events, links)
				  = ROW (s.parent_span_id, s.name, s.service_name, s.start_time, s.end_time, s.duration_us, s.status,
				    s.status_message, s.attributes, s.events, s.links)
				FROM (SELECT DISTINCT ON (span_id, trace_id, kind) r.* FROM (SELECT * FROM %2$s) r
				      ORDER BY span_id, trace_id, kind, %3$s) s
				WHERE t.span_id = s.span_id AND t.trace_id = s.trace_id AND t.kind = s.kind AND (%4$s) > (%5$s)
				""".formatted(schema.qualify(name()), source.inline(), rank("r.", " DESC"), rank("s.", ""),
				rank("t.", ""));
	}

	/**
	 * Returns the query for those spans of a batch (trace, span id, kind) whose span id
	 * belongs to another span, and whether that is of another trace.
	 */
	public String foreign(Schema schema, RowSource source) {
		return """
				SELECT DISTINCT s.trace_id, s.span_id, s.kind, t.trace_id <> s.trace_id
				FROM (SELECT trace_id, span_id, kind FROM %2$s) s
				JOIN %1$s t ON t.span_id = s.span_id WHERE t.trace_id <> s.trace_id OR t.kind <> s.kind
				""".formatted(schema.qualify(name()), source.inline());
	}

	private static String rank(String alias, String order) {
		return String.join(", ", RANK.stream().map((term) -> term.replace("%s.", alias) + order).toList());
	}

}
