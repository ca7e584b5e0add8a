package io.observatory.storage.table;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import io.observatory.storage.model.Ids;
import io.observatory.storage.model.Status;
import io.observatory.storage.model.Trace;
import io.observatory.storage.row.ColumnType;
import io.observatory.storage.row.InputPolicy;
import io.observatory.storage.row.RowEncoder;

/**
 * {@code traces}: one row for each trace, assembled from what a {@link Trace} record
 * declares and from what its spans say.
 * <p>
 * Start is the earliest start of a span, end the latest end, duration their difference;
 * the status is the worst of a span's. The <em>lead</em> span (one without a parent, then
 * the earliest, then the smallest id) gives the service and, when it is a root, its name,
 * its status message and its resource. Fields that a record declares take precedence; the
 * column {@code declared} says which fields these are. Of two records for one trace the
 * one with the later end is kept, as a whole.
 * <p>
 * If all spans of a batch are new, their values are added to the trace. After a
 * correction, a redelivery or a second declaration, the derived fields are computed again
 * from all spans ({@link #recount}).
 */
public final class TracesTable extends Table<Trace> {

	private static final int DECLARED = 1;

	private static final int END = 2;

	private static final int STATUS = 4;

	private static final int ROOT = 8;

	private static final int RESOURCE = 16;

	public TracesTable() {
		super("traces", Trace.class,
				List.of(uuid("id"), text("trace_id"), text("service_name"), time("start_time"), time("end_time"),
						column("duration_us", ColumnType.BIGINT), text("status"), text("status_message"),
						text("root_span_name"), jsonb("attributes"), jsonb("resource_attributes"),
						column("declared", ColumnType.SMALLINT)));
	}

	/** A field that the record leaves open is NULL in the row. */
	@Override
	protected void encode(Trace trace, RowEncoder row) {
		String traceId = Ids.traceId(row.identifying("traceId", trace.traceId(), InputPolicy.MAX_ID_LENGTH));
		UUID id = Ids.trace(traceId);
		boolean status = trace.status() != Status.UNSET;
		row.route(id);
		row.uuid("id", id);
		row.id("traceId", traceId);
		row.name("serviceName", trace.serviceName());
		row.time("startTime", trace.startTime());
		Instant end = SpansTable.end(trace.startTime(), trace.endTime(), trace.durationUs());
		row.optionalTime("endTime", end);
		row.ages(SpansTable.newest(trace.startTime(), end));
		Long duration = SpansTable.duration(trace.startTime(), end, trace.durationUs());
		// a duration too long for an end would not be recognized as declared
		row.notNegative("durationUs", (end != null || duration == null || duration < 0) ? duration : null);
		if (status) {
			row.constant(trace.status().text());
			row.text("statusMessage", trace.statusMessage());
		}
		else {
			row.absent();
			row.absent();
		}
		row.optionalLabel("rootSpanName", trace.rootSpanName());
		row.json("attributes", trace.attributes());
		if (trace.resourceAttributes().isEmpty()) {
			row.absent();
		}
		else {
			row.json("resourceAttributes", trace.resourceAttributes());
		}
		row.smallint(DECLARED | ((end != null) ? END : 0) | (status ? STATUS : 0)
				| ((trace.rootSpanName() != null) ? ROOT : 0) | (trace.resourceAttributes().isEmpty() ? 0 : RESOURCE));
	}

	/**
	 * Returns the merge of a batch's declared traces and of what its spans say
	 * ({@link TraceSummary}), in the order of the keys, so that two processes cannot
	 * deadlock. It locks the row of each trace. It returns the ids of the traces that
	 * were declared before; these must be computed again when the spans are stored.
	 * @param repeated whether a trace may be declared more than once; if not, a sort that
	 * takes a fifth of the merge is left out
	 */
	public String merge(Schema schema, RowSource traces, RowSource seen, boolean repeated) {
		return """
				WITH {traces-definition}{seen-definition}
				told AS (
				    {told}
				), merged AS (
				    INSERT INTO {table} AS t (id, trace_id, service_name, start_time, end_time, duration_us, status,
				           status_message, root_span_name, attributes, resource_attributes, span_count, declared,
				           lead_span_id, lead_start, lead_is_root, updated_at)
				    SELECT id, coalesce(told.trace_id, seen.external_id, replace(id::text, '-', '')),
				           coalesce(told.service_name, seen.service_name),
				           coalesce(told.start_time, seen.start_time), coalesce(told.end_time, seen.end_time),
				           coalesce(told.duration_us, {micros: seen.end_time - coalesce(told.start_time, seen.start_time)}),
				           coalesce(told.status, seen.status, 'unset'),
				           CASE WHEN told.status IS NULL THEN seen.status_message ELSE told.status_message END,
				           coalesce(told.root_span_name, seen.root_span_name),
				           coalesce(told.attributes, '{}'), coalesce(told.resource_attributes, seen.resource, '{}'),
				           coalesce(seen.spans, 0), coalesce(told.declared, 0),
				           seen.lead_span_id, seen.lead_start,
				           CASE WHEN seen.id IS NOT NULL THEN seen.root_span_name IS NOT NULL END, now()
				    FROM told FULL JOIN {seen} seen USING (id)
				    ORDER BY id
				    ON CONFLICT (id) DO UPDATE SET
				        service_name = CASE WHEN {wins} OR t.declared = 0 AND {leads}
				            THEN excluded.service_name ELSE t.service_name END,
				        start_time = {start},
				        end_time = {end},
				        duration_us = CASE WHEN {wins} AND {e END} THEN excluded.duration_us
				            WHEN {t END} THEN t.duration_us ELSE {micros: {end} - {start}} END,
				        status = CASE WHEN {wins} AND {e STATUS} THEN excluded.status WHEN {t STATUS} THEN t.status
				            ELSE least(t.status COLLATE "C", excluded.status COLLATE "C") END,
				        status_message = CASE WHEN {wins} AND {e STATUS} OR NOT {t STATUS} AND {leads} AND excluded.lead_is_root
				            THEN excluded.status_message ELSE t.status_message END,
				        root_span_name = CASE WHEN {wins} AND {e ROOT} OR NOT {t ROOT} AND {leads} AND excluded.lead_is_root
				            THEN excluded.root_span_name ELSE t.root_span_name END,
				        resource_attributes = CASE WHEN {wins} AND {e RESOURCE}
				                OR NOT {t RESOURCE} AND {leads} AND excluded.lead_is_root
				            THEN excluded.resource_attributes ELSE t.resource_attributes END,
				        attributes = CASE WHEN {wins} THEN excluded.attributes ELSE t.attributes END,
				        span_count = t.span_count + excluded.span_count,
				        declared = CASE WHEN {wins} THEN excluded.declared ELSE t.declared END,
				        lead_span_id = CASE WHEN {leads} THEN excluded.lead_span_id ELSE t.lead_span_id END,
				        lead_start = CASE WHEN {leads} THEN excluded.lead_start ELSE t.lead_start END,
				        lead_is_root = CASE WHEN {leads} THEN excluded.lead_is_root ELSE t.lead_is_root END,
				        updated_at = excluded.updated_at
				    RETURNING t.id, xmax <> 0 AS existed
				)
				SELECT id FROM merged WHERE existed AND id IN (SELECT id FROM told)
				"""
			.replace("{told}",
					repeated ? "SELECT DISTINCT ON (id) r.* FROM {traces} r ORDER BY id, {rank-desc}"
							: "SELECT * FROM {traces}")
			.replace("{traces-definition}", traces.definition())
			.replace("{seen-definition}", seen.definition())
			.replace("{traces}", traces.name())
			.replace("{seen}", seen.name())
			.replace("{table}", schema.qualify(name()))
			.replace("{rank-desc}", rank("r", " DESC"))
			.replace("{micros: {end} - {start}}", micros("{end} - {start}"))
			.replace("{micros: seen.end_time - coalesce(told.start_time, seen.start_time)}",
					micros("seen.end_time - coalesce(told.start_time, seen.start_time)"))
			.replace("{start}",
					"CASE WHEN {wins} THEN excluded.start_time WHEN t.declared <> 0 THEN t.start_time "
							+ "ELSE least(t.start_time, excluded.start_time) END")
			.replace("{end}",
					"CASE WHEN {wins} AND {e END} THEN excluded.end_time WHEN {t END} THEN t.end_time "
							+ "ELSE greatest(t.end_time, excluded.end_time) END")
			.replace("{wins}",
					"(excluded.declared <> 0 AND (t.declared = 0 OR (" + rank("excluded", "") + ") > (" + rank("t", "")
							+ ")))")
			.replace("{leads}", LEADS)
			.replace("{e END}", has("excluded", END))
			.replace("{e STATUS}", has("excluded", STATUS))
			.replace("{e ROOT}", has("excluded", ROOT))
			.replace("{e RESOURCE}", has("excluded", RESOURCE))
			.replace("{t END}", has("t", END))
			.replace("{t STATUS}", has("t", STATUS))
			.replace("{t ROOT}", has("t", ROOT))
			.replace("{t RESOURCE}", has("t", RESOURCE));
	}

	/**
	 * Returns the update that computes traces again from their spans; their rows must be
	 * locked. Its parameter is the array of their ids. The spans of all of them are read
	 * at once: a query for each trace would look into each day of spans.
	 */
	public String recount(Schema schema, SpansTable spans) {
		return """
				UPDATE {table} t SET
				    span_count = s.spans,
				    service_name = CASE WHEN t.declared <> 0 THEN t.service_name ELSE coalesce(s.service_name, t.service_name) END,
				    start_time = {start},
				    end_time = CASE WHEN {t END} THEN t.end_time ELSE s.end_time END,
				    duration_us = CASE WHEN {t END} THEN t.duration_us ELSE {duration} END,
				    status = CASE WHEN {t STATUS} THEN t.status ELSE coalesce(s.status, 'unset') END,
				    status_message = CASE WHEN {t STATUS} THEN t.status_message ELSE s.status_message END,
				    root_span_name = CASE WHEN {t ROOT} THEN t.root_span_name ELSE s.root_span_name END,
				    resource_attributes = CASE WHEN {t RESOURCE} THEN t.resource_attributes ELSE coalesce(s.resource, '{}') END,
				    lead_span_id = s.span_id, lead_start = s.lead_start, lead_is_root = s.is_root,
				    updated_at = now()
				FROM (
				    WITH wanted (ids) AS (SELECT ?::uuid[])
				    SELECT trace, coalesce(counted.spans, 0) AS spans, start_time, end_time, status, span_id, lead_start, is_root,
				           service_name, root_span_name, status_message, resource
				    FROM wanted CROSS JOIN unnest(wanted.ids) AS trace
				    LEFT JOIN (
				        SELECT p.trace_id, count(*) AS spans, min(p.start_time) AS start_time, max(p.end_time) AS end_time,
				               min(p.status COLLATE "C") AS status,
				               {lead: p.span_id} AS span_id, {lead: p.start_time} AS lead_start,
				               {lead: p.parent_span_id IS NULL} AS is_root, {lead: p.service_name} AS service_name,
				               {root: p.name} AS root_span_name, {root: p.status_message} AS status_message,
				               {root: p.attributes -> 'otel.resource'} AS resource
				        FROM {spans} p WHERE p.trace_id = ANY ((SELECT ids FROM wanted)::uuid[])
				        GROUP BY p.trace_id) counted ON counted.trace_id = trace
				) s
				WHERE t.id = s.trace
				"""
			.replaceAll("\\{root: ([^}]+)}", "{lead: CASE WHEN p.parent_span_id IS NULL THEN $1 END}")
			.replaceAll("\\{lead: ([^}]+)}",
					"(array_agg($1 ORDER BY p.parent_span_id IS NOT NULL, p.start_time, p.span_id COLLATE \"C\"))[1]")
			.replace("{duration}", micros("s.end_time - {start}"))
			.replace("{start}",
					"CASE WHEN t.declared <> 0 THEN t.start_time ELSE coalesce(s.start_time, t.start_time) END")
			.replace("{table}", schema.qualify(name()))
			.replace("{spans}", schema.qualify(spans.name()))
			.replace("{t END}", has("t", END))
			.replace("{t STATUS}", has("t", STATUS))
			.replace("{t ROOT}", has("t", ROOT))
			.replace("{t RESOURCE}", has("t", RESOURCE));
	}

	/**
	 * Returns the DELETE of traces, by the array of their ids, that no record declares
	 * and that have no spans because all of theirs belong to other traces.
	 */
	public String removeEmpty(Schema schema) {
		return "DELETE FROM %s WHERE id = ANY (?::uuid[]) AND declared = 0 AND span_count = 0"
			.formatted(schema.qualify(name()));
	}

	private static final String LEADS = "(excluded.lead_span_id IS NOT NULL AND (t.lead_span_id IS NULL OR "
			+ "(NOT excluded.lead_is_root, excluded.lead_start, excluded.lead_span_id COLLATE \"C\") < "
			+ "(NOT t.lead_is_root, t.lead_start, t.lead_span_id COLLATE \"C\")))";

	/**
	 * Which of two declarations is kept: the one with the later end; if the ends are
	 * equal, the other declared fields decide, so that the result does not depend on the
	 * order of arrival.
	 */
	private static String rank(String row, String order) {
		return String.join(order + ", ", declared(row, END, "end_time", "'-infinity'"), row + ".start_time",
				declared(row, END, "duration_us", "-1"), declared(row, STATUS, "status", "''"),
				declaredText(row, STATUS, "status_message"), declaredText(row, ROOT, "root_span_name"),
				row + ".service_name", row + ".attributes", declared(row, RESOURCE, "resource_attributes", "'null'"),
				// 1 and 1.0 are equal for jsonb
				row + ".attributes::text", declared(row, RESOURCE, "resource_attributes::text", "''")) + order;
	}

	private static String declared(String row, int field, String column, String otherwise) {
		return "coalesce(CASE WHEN " + has(row, field) + " THEN " + row + "." + column + " END, " + otherwise + ")";
	}

	/** The prefix distinguishes an empty text from a missing one. */
	private static String declaredText(String row, int field, String column) {
		return "coalesce(CASE WHEN " + has(row, field) + " THEN '.' || " + row + "." + column + " END, '')";
	}

	private static String has(String row, int field) {
		return "(" + row + ".declared & " + field + " <> 0)";
	}

	private static String micros(String interval) {
		String micros = "(extract(epoch FROM (" + interval + ")) * 1000000)::bigint";
		// not greatest(), which ignores NULL and would return 0
		return "CASE WHEN " + micros + " < 0 THEN 0 ELSE " + micros + " END";
	}

}
