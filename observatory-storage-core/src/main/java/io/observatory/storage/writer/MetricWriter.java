package io.observatory.storage.writer;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

import javax.sql.DataSource;

import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.engine.Admission;
import io.observatory.storage.engine.Engine;
import io.observatory.storage.error.BufferFullException;
import io.observatory.storage.error.InvalidRecordException;
import io.observatory.storage.model.Metric;
import io.observatory.storage.model.MetricDataPoint;
import io.observatory.storage.sending.AppendStore;
import io.observatory.storage.sending.MetricsStore;
import io.observatory.storage.table.DataPointsTable;
import io.observatory.storage.table.MetricsTable;

/**
 * Writes metrics into {@code metrics} and their points into {@code metric_data_points}.
 */
public final class MetricWriter extends EngineWriter {

	private final TableWriter<Metric> metrics;

	private final TableWriter<MetricDataPoint> points;

	public MetricWriter(DataSource dataSource) {
		this(dataSource, WriterConfig.metrics().build());
	}

	public MetricWriter(DataSource dataSource, WriterConfig config) {
		this(dataSource, config, new MetricsTable(config.clock()), new DataPointsTable());
	}

	private MetricWriter(DataSource dataSource, WriterConfig config, MetricsTable metrics, DataPointsTable points) {
		super(Engine.start("metrics", dataSource, config, List.of(new MetricsStore(metrics), new AppendStore(points))));
		this.metrics = new TableWriter<>(admission(), metrics, redaction()::apply);
		this.points = new TableWriter<>(admission(), points, redaction()::apply);
	}

	/**
	 * Accepts a metric.
	 * @throws InvalidRecordException naming the field, when it cannot be stored
	 * @throws BufferFullException when the buffer is full and the policy is to say so
	 */
	public void writeMetric(Metric metric) {
		this.metrics.write(metric);
	}

	/** Accepts all metrics or, with an exception as for {@link #writeMetric}, none. */
	public void writeMetrics(Collection<Metric> metrics) {
		this.metrics.write(metrics);
	}

	/**
	 * Accepts a data point, with exceptions as for {@link #writeMetric}. Its metric may
	 * be written before or after it.
	 */
	public void writeDataPoint(MetricDataPoint point) {
		this.points.write(point);
	}

	/**
	 * Accepts all data points or, with an exception as for {@link #writeMetric}, none.
	 */
	public void writeDataPoints(Collection<MetricDataPoint> points) {
		this.points.write(points);
	}

	/**
	 * Accepts all metrics and data points or, with an exception as for
	 * {@link #writeMetric}, none.
	 */
	public void write(Collection<Metric> metrics, Collection<MetricDataPoint> points) {
		admission().accept(metrics.size() + points.size(), encoding(metrics, points));
	}

	/**
	 * Takes all metrics and data points if there is room for them, and never waits: for a
	 * thread that must not be held up. Whatever the writer's policy for a full buffer is,
	 * what finds no room is dropped and counted.
	 * @return whether they were taken
	 * @throws InvalidRecordException naming the field, when one cannot be stored
	 */
	public boolean offer(Collection<Metric> metrics, Collection<MetricDataPoint> points) {
		return admission().offer(metrics.size() + points.size(), encoding(metrics, points));
	}

	private Admission.Encoding encoding(Collection<Metric> metrics, Collection<MetricDataPoint> points) {
		return (rows) -> {
			this.metrics.encode(metrics, rows);
			this.points.encode(points, rows);
		};
	}

	/**
	 * Returns an empty batch for metrics and data points that are not all there yet, or
	 * not all good. It must be closed.
	 */
	public MetricBatch newBatch() {
		return new MetricBatch(admission(), this.metrics, this.points);
	}

	/**
	 * Returns what {@link #writeMetric} would throw for the metric's content, without
	 * taking it.
	 */
	public Optional<InvalidRecordException> check(Metric metric) {
		return this.metrics.check(metric);
	}

	/**
	 * Returns what {@link #writeDataPoint} would throw for the point's content, without
	 * taking it.
	 */
	public Optional<InvalidRecordException> check(MetricDataPoint point) {
		return this.points.check(point);
	}

}
