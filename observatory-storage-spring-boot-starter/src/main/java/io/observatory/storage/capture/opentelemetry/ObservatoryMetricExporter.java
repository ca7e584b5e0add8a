package io.observatory.storage.capture.opentelemetry;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import io.observatory.storage.error.InvalidRecordException;
import io.observatory.storage.model.Metric;
import io.observatory.storage.model.MetricDataPoint;
import io.observatory.storage.writer.MetricWriter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.InstrumentType;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import org.jspecify.annotations.Nullable;

/**
 * Exports metrics, cumulative ones if it may choose, into a {@link MetricWriter}.
 * <p>
 * {@code export} never waits: it succeeds when the writer took metrics and points, and
 * fails when its buffer is full (the writer counts them as dropped) or it is closed.
 * {@code flush} and {@code shutdown} succeed when all that was exported before is
 * committed, and fail when the writer's {@code flush()} would; the writer itself stays
 * open. Thread-safe.
 */
public final class ObservatoryMetricExporter implements MetricExporter {

	private final Export<MetricWriter> export;

	public ObservatoryMetricExporter(MetricWriter writer) {
		this(() -> writer);
	}

	/**
	 * Creates an exporter whose writer need not be there yet.
	 * @param writer the writer, or null, and then every export fails
	 */
	public ObservatoryMetricExporter(Supplier<@Nullable MetricWriter> writer) {
		this.export = new Export<>(writer);
	}

	@Override
	public AggregationTemporality getAggregationTemporality(InstrumentType instrumentType) {
		return AggregationTemporality.CUMULATIVE;
	}

	@Override
	public CompletableResultCode export(Collection<MetricData> data) {
		return this.export.export((writer) -> offer(writer, new MetricMapping(data)));
	}

	private boolean offer(MetricWriter writer, MetricMapping mapped) {
		try {
			return writer.offer(mapped.metrics(), mapped.points());
		}
		catch (InvalidRecordException ex) {
			return offerValid(writer, mapped);
		}
	}

	/**
	 * A metric that cannot be stored takes its points with it.
	 */
	private boolean offerValid(MetricWriter writer, MetricMapping mapped) {
		List<Metric> metrics = mapped.metrics()
			.stream()
			.filter((metric) -> this.export.isValid(metric, writer::check))
			.toList();
		Set<UUID> ids = metrics.stream().map(Metric::id).collect(Collectors.toSet());
		List<MetricDataPoint> points = mapped.points()
			.stream()
			.filter((point) -> ids.contains(point.metricId()) && this.export.isValid(point, writer::check))
			.toList();
		return writer.offer(metrics, points);
	}

	@Override
	public CompletableResultCode flush() {
		return this.export.flush();
	}

	@Override
	public CompletableResultCode shutdown() {
		return this.export.shutdown();
	}

	@Override
	public String toString() {
		return "ObservatoryMetricExporter";
	}

}
