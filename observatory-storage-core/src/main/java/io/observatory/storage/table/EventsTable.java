package io.observatory.storage.table;

import java.util.List;
import java.util.UUID;

import io.observatory.storage.model.Ids;
import io.observatory.storage.model.TraceEvent;
import io.observatory.storage.row.InputPolicy;
import io.observatory.storage.row.RowEncoder;

/**
 * {@code trace_events}: rows are appended; there is no key.
 */
public final class EventsTable extends Table<TraceEvent> {

	public EventsTable() {
		super("trace_events", TraceEvent.class,
				List.of(uuid("id"), uuid("span_id"), text("name"), time("timestamp"), jsonb("attributes")));
	}

	@Override
	protected void encode(TraceEvent event, RowEncoder row) {
		UUID trace = Ids.trace(row.identifying("traceId", event.traceId(), InputPolicy.MAX_ID_LENGTH));
		String spanId = row.identifying("spanId", event.spanId(), InputPolicy.MAX_ID_LENGTH);
		row.uuid("id", event.id());
		row.uuid("spanId", Ids.span(trace, spanId));
		row.label("name", event.name());
		row.time("timestamp", event.timestamp());
		row.ages(event.timestamp());
		row.json("attributes", event.attributes());
	}

}
