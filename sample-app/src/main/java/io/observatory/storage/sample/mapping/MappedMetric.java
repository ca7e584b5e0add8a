package io.observatory.storage.sample.mapping;

import java.util.List;

import io.observatory.storage.model.Metric;
import io.observatory.storage.model.MetricDataPoint;

/**
 * A metric with the data points that came with it.
 *
 * @param metric the metric
 * @param points its points
 */
public record MappedMetric(Metric metric, List<MetricDataPoint> points) {
}
