package io.observatory.storage.writer;

import io.observatory.storage.engine.Engine;
import io.observatory.storage.error.InvalidRecordException;
import io.observatory.storage.error.TooLargeException;
import io.observatory.storage.model.Metric;
import io.observatory.storage.model.MetricDataPoint;
import io.observatory.storage.table.DataPointsTable;
import io.observatory.storage.table.MetricsTable;

/**
 * Metrics and data points that are encoded one at a time and then taken together.
 */
public final class MetricBatch extends RecordBatch {

	private final MetricsTable metrics;

	private final DataPointsTable points;

	private final Redaction redaction;

	MetricBatch(Engine engine, Redaction redaction, MetricsTable metrics, DataPointsTable points) {
		super(engine);
		this.redaction = redaction;
		this.metrics = metrics;
		this.points = points;
	}

	/**
	 * Adds a metric.
	 * @throws InvalidRecordException naming the field, when it cannot be stored
	 * @throws TooLargeException when the buffer could not hold the batch with it
	 */
	public void add(Metric metric) {
		add(this.metrics, this.redaction.apply(metric));
	}

	/**
	 * Adds a data point.
	 * @return whether it is in the batch; if not, it is older than the retention
	 * @throws InvalidRecordException naming the field, when it cannot be stored
	 * @throws TooLargeException when the buffer could not hold the batch with it
	 */
	public boolean add(MetricDataPoint point) {
		return add(this.points, this.redaction.apply(point));
	}

}
