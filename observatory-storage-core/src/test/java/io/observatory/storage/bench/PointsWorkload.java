package io.observatory.storage.bench;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

import javax.sql.DataSource;

import io.observatory.storage.bench.SqlTable.Field;
import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.model.MetricDataPoint;
import io.observatory.storage.row.ColumnType;
import io.observatory.storage.writer.MetricWriter;
import io.observatory.storage.writer.Writer;

/**
 * Values of fifty metrics of eight services.
 */
class PointsWorkload extends Workload<MetricDataPoint> {

	private static final SqlTable<MetricDataPoint> TABLE = SqlTable.of("observatory", "metric_data_points", "",
			new Field<>("id", ColumnType.UUID, MetricDataPoint::id),
			new Field<>("metric_id", ColumnType.UUID, MetricDataPoint::metricId),
			new Field<>("timestamp", ColumnType.TIMESTAMPTZ, MetricDataPoint::timestamp),
			new Field<>("value", ColumnType.DOUBLE, MetricDataPoint::value),
			new Field<>("count", ColumnType.BIGINT, MetricDataPoint::count),
			new Field<>("sum", ColumnType.DOUBLE, MetricDataPoint::sum),
			new Field<>("min", ColumnType.DOUBLE, MetricDataPoint::min),
			new Field<>("max", ColumnType.DOUBLE, MetricDataPoint::max),
			new Field<>("attributes", ColumnType.JSONB, MetricDataPoint::attributes));

	PointsWorkload() {
		super("metric_data_points", 240_000, new Stored("observatory.metric_data_points", "timestamp"));
	}

	@Override
	MetricDataPoint record(long number) {
		return MetricDataPoint.builder()
			.metricName("gen_ai.client.token.usage." + number % 50)
			.serviceName("service-" + number % 8)
			.timestamp(Numbers.time(number))
			.value(number * 0.5)
			.attributes(Map.of("gen_ai.request.model", "model-large", "gen_ai.token.type", "input"))
			.build();
	}

	@Override
	Writer open(DataSource dataSource, UnaryOperator<WriterConfig.Builder> configuration) {
		return new MetricWriter(dataSource, configuration.apply(WriterConfig.metrics()).build());
	}

	@Override
	void write(Writer writer, MetricDataPoint point) {
		((MetricWriter) writer).writeDataPoint(point);
	}

	@Override
	List<SqlTable.TableStore<?>> loads(List<MetricDataPoint> points) {
		return List.of(new SqlTable.TableStore<>(TABLE, points));
	}

}
