package io.observatory.storage.table;

import java.util.List;

import io.observatory.storage.model.Ids;
import io.observatory.storage.model.LogRecord;
import io.observatory.storage.row.ColumnType;
import io.observatory.storage.row.RowEncoder;

/**
 * {@code logs}: rows are appended; there is no key.
 */
public final class LogsTable extends Table<LogRecord> {

	private static final int MAX_FLAGS = 255;

	public LogsTable() {
		super("logs", LogRecord.class,
				List.of(uuid("id"), time("timestamp"), time("observed_timestamp"),
						column("severity_number", ColumnType.INTEGER), text("severity_text"), text("body"),
						text("service_name"), text("trace_id"), text("span_id"),
						column("trace_flags", ColumnType.INTEGER), jsonb("attributes"), jsonb("resource_attributes"),
						text("scope_name"), text("scope_version"), jsonb("scope_attributes")));
	}

	@Override
	protected void encode(LogRecord log, RowEncoder row) {
		row.uuid("id", log.id());
		row.time("timestamp", log.timestamp());
		row.ages(log.timestamp());
		row.optionalTime("observedTimestamp", log.observedTimestamp());
		row.integer("severityNumber", log.severityNumber(), Integer.MIN_VALUE, Integer.MAX_VALUE);
		row.optionalLabel("severityText", log.severityText());
		row.text("body", log.body());
		row.name("serviceName", log.serviceName());
		String traceId = log.traceId();
		row.optionalId("traceId", (traceId != null) ? Ids.traceId(traceId) : null);
		String spanId = log.spanId();
		row.optionalId("spanId", (spanId != null) ? Ids.spanId(spanId) : null);
		row.integer("traceFlags", log.traceFlags(), 0, MAX_FLAGS);
		row.json("attributes", log.attributes());
		row.json("resourceAttributes", log.resourceAttributes());
		row.optionalLabel("scopeName", log.scopeName());
		row.optionalLabel("scopeVersion", log.scopeVersion());
		row.json("scopeAttributes", log.scopeAttributes());
	}

}
