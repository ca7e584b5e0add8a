package io.observatory.storage.table;

import java.time.Clock;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

import io.observatory.storage.model.Ids;
import io.observatory.storage.model.Metric;
import io.observatory.storage.row.InputPolicy;
import io.observatory.storage.row.RowEncoder;

/**
 * {@code metrics}: one row for each stream, or for each name and service. Of several
 * versions the one written last is kept, independent of the order of arrival.
 */
public final class MetricsTable extends Table<Metric> {

	private final Clock clock;

	/**
	 * In microseconds since 1970. Each version of this process is later than the one
	 * before, also after the clock was set back.
	 */
	private final AtomicLong lastWritten = new AtomicLong();

	public MetricsTable(Clock clock) {
		super("metrics", Metric.class,
				List.of(uuid("id"), text("name"), text("description"), text("unit"), text("metric_type"),
						text("service_name"), jsonb("attributes"), jsonb("resource_attributes"), time("updated_at")));
		this.clock = clock;
	}

	@Override
	protected void encode(Metric metric, RowEncoder row) {
		String name = row.identifying("name", metric.name(), InputPolicy.MAX_NAME_LENGTH);
		String service = row.identifying("serviceName", metric.serviceName(), InputPolicy.MAX_NAME_LENGTH);
		UUID id = (metric.stream() != null) ? metric.stream() : Ids.metric(name, service);
		row.route(id);
		row.uuid("id", id);
		row.name("name", name);
		row.text("description", metric.description());
		row.optionalLabel("unit", metric.unit());
		row.constant(metric.type().text());
		row.name("serviceName", service);
		row.json("attributes", metric.attributes());
		row.json("resourceAttributes", metric.resourceAttributes());
		row.stamp(written());
	}

	private long written() {
		long now = RowEncoder.micros(this.clock.instant());
		return this.lastWritten.accumulateAndGet(now, (last, micros) -> Math.max(last + 1, micros));
	}

	/**
	 * Returns the merge of a batch. It is sorted by key to avoid deadlocks, and has one
	 * version of each metric, because PostgreSQL does not allow a statement to change a
	 * row twice (21000).
	 */
	public String merge(Schema schema, RowSource source) {
		return """
				INSERT INTO %1$s AS t (%2$s)
				SELECT DISTINCT ON (id) %2$s FROM %3$s
				ORDER BY id, updated_at DESC
				ON CONFLICT (id) DO UPDATE SET (metric_type, description, unit, attributes, resource_attributes, updated_at)
				    = ROW (excluded.metric_type, excluded.description, excluded.unit, excluded.attributes,
				           excluded.resource_attributes, excluded.updated_at)
				WHERE excluded.updated_at > t.updated_at
				"""
			.formatted(schema.qualify(name()), columnList(), source.inline());
	}

}
