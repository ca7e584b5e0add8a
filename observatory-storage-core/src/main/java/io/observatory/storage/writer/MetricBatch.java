package io.observatory.storage.writer;

import io.observatory.storage.engine.Admission;
import io.observatory.storage.model.Metric;
import io.observatory.storage.model.MetricDataPoint;

/**
 * Data points, and the metrics that they belong to, that are taken together.
 */
public final class MetricBatch extends RecordBatch<MetricDataPoint> {

	private final TableWriter<Metric> metrics;

	MetricBatch(Admission admission, TableWriter<Metric> metrics, TableWriter<MetricDataPoint> points) {
		super(admission, points);
		this.metrics = metrics;
	}

	/** Adds a metric, with exceptions as for a data point. */
	public void add(Metric metric) {
		add(this.metrics, metric);
	}

}
