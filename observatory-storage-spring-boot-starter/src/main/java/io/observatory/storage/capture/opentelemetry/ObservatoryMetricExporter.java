package io.observatory.storage.capture.opentelemetry;

import java.util.Collection;
import java.util.function.Supplier;

import io.observatory.storage.capture.ValidMetrics;
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
 * {@code export} never waits. It succeeds when the writer accepted metrics and points,
 * and fails when the writer is closed or its buffer is full (the writer counts them as
 * dropped). {@code flush} and {@code shutdown} succeed when everything that was exported
 * before is committed, and fail when the writer's {@code flush()} would; the writer
 * itself stays open. Thread-safe.
 */
public final class ObservatoryMetricExporter extends WriterExporter<MetricWriter> implements MetricExporter {

	public ObservatoryMetricExporter(MetricWriter writer) {
		this(() -> writer);
	}

	/**
	 * Creates an exporter whose writer may not exist yet.
	 * @param writer the writer, or null, and then every export fails
	 */
	public ObservatoryMetricExporter(Supplier<@Nullable MetricWriter> writer) {
		super(writer);
	}

	@Override
	public AggregationTemporality getAggregationTemporality(InstrumentType instrumentType) {
		return AggregationTemporality.CUMULATIVE;
	}

	@Override
	public CompletableResultCode export(Collection<MetricData> data) {
		MetricMapping mapped = new MetricMapping(data);
		return offer((writer) -> ValidMetrics.offer(writer, mapped.metrics(), mapped.points(), this::warnOnce));
	}

}
