package io.observatory.storage.capture;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import io.observatory.storage.error.InvalidRecordException;
import io.observatory.storage.model.Metric;
import io.observatory.storage.model.MetricDataPoint;
import io.observatory.storage.writer.MetricWriter;

/**
 * Offers metrics and their points to a writer. It leaves out those that cannot be stored,
 * because the writer would refuse all others with them.
 */
public final class ValidMetrics {

	private ValidMetrics() {
	}

	/**
	 * Offers metrics and points.
	 * @param writer the writer
	 * @param metrics the metrics; if one cannot be stored, its points are left out, too
	 * @param points the points, whose metrics may have been written earlier
	 * @param problems receives the reason for each that is left out
	 * @return whether the others were accepted
	 */
	public static boolean offer(MetricWriter writer, Collection<Metric> metrics, Collection<MetricDataPoint> points,
			Consumer<InvalidRecordException> problems) {
		try {
			return writer.offer(metrics, points);
		}
		catch (InvalidRecordException ex) {
			return offerValid(writer, metrics, points, problems);
		}
	}

	private static boolean offerValid(MetricWriter writer, Collection<Metric> metrics,
			Collection<MetricDataPoint> points, Consumer<InvalidRecordException> problems) {
		Predicate<Metric> valid = (metric) -> isValid(writer.check(metric), problems);
		List<Metric> validMetrics = metrics.stream().filter(valid).toList();
		Set<UUID> bad = metrics.stream().map(Metric::id).collect(Collectors.toSet());
		validMetrics.forEach((metric) -> bad.remove(metric.id()));
		List<MetricDataPoint> validPoints = points.stream()
			.filter((point) -> !bad.contains(point.metricId()) && isValid(writer.check(point), problems))
			.toList();
		return writer.offer(validMetrics, validPoints);
	}

	private static boolean isValid(Optional<InvalidRecordException> problem,
			Consumer<InvalidRecordException> problems) {
		problem.ifPresent(problems);
		return problem.isEmpty();
	}

}
