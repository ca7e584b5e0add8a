package io.observatory.storage.table;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import io.observatory.storage.model.Ids;
import io.observatory.storage.model.SpanEvent;
import io.observatory.storage.model.SpanLink;
import io.observatory.storage.model.TraceSpan;
import io.observatory.storage.row.ColumnType;
import io.observatory.storage.row.InputPolicy;
import io.observatory.storage.row.JsonObject;
import io.observatory.storage.row.RowDecoder;
import io.observatory.storage.row.RowEncoder;
import org.jspecify.annotations.Nullable;

/**
 * {@code trace_spans}: one row for each span. Of several versions of a span one wins,
 * whatever order they arrive in ({@link #RANK}). What has the key of a span of another
 * trace, or of another kind, is a different span and never overwrites it: with B3 the two
 * sides of a call, client and server, may share an id. Neither a span's kind nor its
 * start ever changes (OpenTelemetry trace API, "SpanKind" and "Span creation"), so a
 * correction has those of what it corrects. In the layout {@code source} one with another
 * start is a correction all the same; in {@code partitioned} it is another span.
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

	private static final int TRACE_ID = 1;

	private static final int SPAN_ID = 2;

	private static final int KIND = 5;

	private static final int START = 7;

	private static final List<String> CORRECTED = List.of("parent_span_id", "name", "service_name", "start_time",
			"end_time", "duration_us", "status", "status_message", "attributes", "events", "links");

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

	/** Returns the name of the constraint by which a span's id may be another's. */
	public String constraint(Layout layout) {
		return key(layout).constraint();
	}

	/**
	 * Returns the insert of those spans of a batch that do not exist yet. Of two spans
	 * with the same id the client span comes first. It returns a row for each; if these
	 * are fewer than the batch has, {@link #correct} must follow. (A distributed server
	 * counts those that it did not insert, too.) It has no conflict target, so that it
	 * covers the unique keys of every layout.
	 */
	public String insertNew(Schema schema, RowSource source) {
		return "INSERT INTO %s (%s) SELECT %s FROM %s ORDER BY span_id, trace_id, kind ON CONFLICT DO NOTHING RETURNING id"
			.formatted(schema.qualify(name()), columnList(), columnList(), source.inline());
	}

	/**
	 * Returns the update of those spans of which the batch has the better version. Its
	 * last two parameters are the earliest and the latest start in the batch.
	 */
	public String correct(Schema schema, RowSource source, Layout layout) {
		Key key = key(layout);
		List<String> corrected = CORRECTED.stream().filter((column) -> !key.identity().contains(column)).toList();
		return """
				UPDATE {table} t SET ({corrected}) = ROW ({s.corrected})
				FROM (SELECT DISTINCT ON ({identity}) r.* FROM (SELECT * FROM {source}) r
				      ORDER BY {identity}, {best first}) s
				WHERE {same} AND ({rank of s}) > ({rank of t}) AND {days}
				""".replace("{table}", schema.qualify(name()))
			.replace("{source}", source.inline())
			.replace("{corrected}", String.join(", ", corrected))
			.replace("{s.corrected}", "s." + String.join(", s.", corrected))
			.replace("{identity}", String.join(", ", key.identity()))
			.replace("{same}", equal(key.identity()))
			.replace("{days}", key.days())
			.replace("{best first}", rank("r.", " DESC"))
			.replace("{rank of s}", rank("s.", ""))
			.replace("{rank of t}", rank("t.", ""));
	}

	/**
	 * Returns the query for those spans of a batch (trace, span id, kind, microseconds of
	 * the start since 1970) whose key belongs to another span, and whether that is of
	 * another trace. It has the same last two parameters as {@link #correct}.
	 */
	public String foreign(Schema schema, RowSource source, Layout layout) {
		return """
				SELECT DISTINCT s.trace_id, s.span_id, s.kind, (extract(epoch FROM s.start_time) * 1000000)::bigint,
				       t.trace_id <> s.trace_id
				FROM (SELECT trace_id, span_id, kind, start_time FROM %2$s) s
				JOIN %1$s t ON %3$s WHERE (t.trace_id <> s.trace_id OR t.kind <> s.kind) AND %4$s
				""".formatted(schema.qualify(name()), source.inline(), equal(key(layout).unique()), key(layout).days());
	}

	/** Returns of a row what {@link #foreign} tells of one, as text. */
	public static List<String> identity(RowDecoder span) {
		return List.of(span.uuid(TRACE_ID).toString(), String.valueOf(span.text(SPAN_ID)),
				String.valueOf(span.text(KIND)), Long.toString(span.micros(START)));
	}

	private static Key key(Layout layout) {
		return switch (layout) {
			// what is corrected may have another start
			case SOURCE -> new Key("idx_spans_span_id", List.of("span_id"), List.of("span_id", "trace_id", "kind"),
					"?::timestamptz <= ?::timestamptz");
			case PARTITIONED -> new Key("trace_spans_pkey", List.of("trace_id", "span_id", "start_time"),
					List.of("span_id", "trace_id", "start_time", "kind"),
					"t.start_time BETWEEN ?::timestamptz AND ?::timestamptz");
		};
	}

	private static String equal(List<String> columns) {
		return columns.stream().map((column) -> "t." + column + " = s." + column).collect(Collectors.joining(" AND "));
	}

	private static String rank(String alias, String order) {
		return String.join(", ", RANK.stream().map((term) -> term.replace("%s.", alias) + order).toList());
	}

	/**
	 * What a span is known by in a layout.
	 *
	 * @param constraint the constraint on what is unique
	 * @param unique the columns of which no two spans have the same
	 * @param identity the columns that two versions of one span have in common
	 * @param days a condition on the earliest and the latest start in a batch that holds
	 * for all that is looked for: without it a statement is planned for each day that
	 * there is
	 */
	private record Key(String constraint, List<String> unique, List<String> identity, String days) {
	}

}
