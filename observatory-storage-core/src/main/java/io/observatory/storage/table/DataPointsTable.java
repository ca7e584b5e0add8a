package io.observatory.storage.table;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.observatory.storage.model.Bucket;
import io.observatory.storage.model.Exemplar;
import io.observatory.storage.model.Ids;
import io.observatory.storage.model.MetricDataPoint;
import io.observatory.storage.model.Quantile;
import io.observatory.storage.row.ColumnType;
import io.observatory.storage.row.InputPolicy;
import io.observatory.storage.row.RowEncoder;
import org.jspecify.annotations.Nullable;

/**
 * {@code metric_data_points}: appended to, without a key.
 */
public final class DataPointsTable extends Table<MetricDataPoint> {

	public DataPointsTable() {
		super("metric_data_points", MetricDataPoint.class,
				List.of(uuid("id"), uuid("metric_id"), time("timestamp"), column("value", ColumnType.DOUBLE),
						column("count", ColumnType.BIGINT), column("sum", ColumnType.DOUBLE),
						column("min", ColumnType.DOUBLE), column("max", ColumnType.DOUBLE), jsonb("buckets"),
						jsonb("quantiles"), jsonb("exemplars"), jsonb("attributes")));
	}

	@Override
	protected void encode(MetricDataPoint point, RowEncoder row) {
		String metric = row.identifying("metricName", point.metricName(), InputPolicy.MAX_NAME_LENGTH);
		String service = row.identifying("serviceName", point.serviceName(), InputPolicy.MAX_NAME_LENGTH);
		row.uuid("id", point.id());
		row.uuid("metricId", Ids.metric(metric, service));
		row.time("timestamp", point.timestamp());
		row.real(point.value());
		row.notNegative("count", point.count());
		row.real(point.sum());
		row.real(point.min());
		row.real(point.max());
		row.jsonArray("buckets", point.buckets().isEmpty() ? null : buckets(point.buckets()));
		row.jsonArray("quantiles", point.quantiles().isEmpty() ? null : quantiles(point.quantiles()));
		row.jsonArray("exemplars", point.exemplars().isEmpty() ? null : exemplars(point.exemplars()));
		row.json("attributes", point.attributes());
	}

	private static List<Map<String, ?>> buckets(List<Bucket> buckets) {
		return buckets.stream()
			.<Map<String, ?>>map((bucket) -> Map.of("boundary", number(bucket.boundary()), "count", bucket.count()))
			.toList();
	}

	private static List<Map<String, ?>> quantiles(List<Quantile> quantiles) {
		return quantiles.stream()
			.<Map<String, ?>>map(
					(quantile) -> Map.of("quantile", number(quantile.quantile()), "value", number(quantile.value())))
			.toList();
	}

	private static List<Map<String, ?>> exemplars(List<Exemplar> exemplars) {
		return exemplars.stream().<Map<String, ?>>map(DataPointsTable::exemplar).toList();
	}

	private static Map<String, ?> exemplar(Exemplar exemplar) {
		Map<String, @Nullable Object> members = new LinkedHashMap<>();
		members.put("value", number(exemplar.value()));
		members.put("timestamp", exemplar.timestamp());
		if (exemplar.traceId() != null) {
			members.put("trace_id", Ids.traceId(exemplar.traceId()));
		}
		if (exemplar.spanId() != null) {
			members.put("span_id", Ids.spanId(exemplar.spanId()));
		}
		if (!exemplar.attributes().isEmpty()) {
			members.put("attributes", exemplar.attributes());
		}
		return members;
	}

	/**
	 * JSON has no infinity: the last bucket's boundary is a text, and this is no
	 * replacement that would have to be counted.
	 */
	private static Object number(double value) {
		return Double.isFinite(value) ? (Object) value : Double.toString(value);
	}

}
