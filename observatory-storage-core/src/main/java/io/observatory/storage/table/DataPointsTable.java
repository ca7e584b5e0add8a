package io.observatory.storage.table;

import java.util.List;

import io.observatory.storage.model.Bucket;
import io.observatory.storage.model.Exemplar;
import io.observatory.storage.model.Ids;
import io.observatory.storage.model.MetricDataPoint;
import io.observatory.storage.model.Quantile;
import io.observatory.storage.row.ColumnType;
import io.observatory.storage.row.InputPolicy;
import io.observatory.storage.row.JsonObject;
import io.observatory.storage.row.RowEncoder;

/**
 * {@code metric_data_points}: rows are appended; there is no key.
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
		row.uuid("metricId", (point.stream() != null) ? point.stream() : Ids.metric(metric, service));
		row.time("timestamp", point.timestamp());
		row.ages(point.timestamp());
		row.real(point.value());
		row.notNegative("count", point.count());
		row.real(point.sum());
		row.real(point.min());
		row.real(point.max());
		for (Bucket bucket : point.buckets()) {
			if (bucket.count() < 0) {
				throw row.invalid("buckets", "must have no negative count");
			}
		}
		row.jsonArray("buckets", point.buckets(), DataPointsTable::bucket);
		row.jsonArray("quantiles", point.quantiles(), DataPointsTable::quantile);
		row.jsonArray("exemplars", point.exemplars(), DataPointsTable::exemplar);
		row.json("attributes", point.attributes());
	}

	private static void bucket(Bucket bucket, JsonObject json) {
		json.member("boundary", number(bucket.boundary())).member("count", bucket.count());
	}

	private static void quantile(Quantile quantile, JsonObject json) {
		json.member("quantile", number(quantile.quantile())).member("value", number(quantile.value()));
	}

	private static void exemplar(Exemplar exemplar, JsonObject json) {
		json.member("value", number(exemplar.value())).member("timestamp", exemplar.timestamp());
		if (exemplar.traceId() != null) {
			json.member("trace_id", Ids.traceId(exemplar.traceId()));
		}
		if (exemplar.spanId() != null) {
			json.member("span_id", Ids.spanId(exemplar.spanId()));
		}
		if (!exemplar.attributes().isEmpty()) {
			json.member("attributes", exemplar.attributes());
		}
	}

	/**
	 * JSON has no infinity. The boundary of the last bucket is a text; this is not
	 * counted as a replaced value.
	 */
	private static Object number(double value) {
		return Double.isFinite(value) ? (Object) value : Double.toString(value);
	}

}
