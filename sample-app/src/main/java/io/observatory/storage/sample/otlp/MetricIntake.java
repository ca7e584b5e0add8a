package io.observatory.storage.sample.otlp;

import java.time.Clock;

import io.observatory.storage.model.MetricDataPoint;
import io.observatory.storage.sample.intake.MemoryLease;
import io.observatory.storage.sample.mapping.BadRecordException;
import io.observatory.storage.sample.mapping.MetricMapping;
import io.observatory.storage.sample.mapping.Origin;
import io.observatory.storage.sample.mapping.PointMapping;
import io.observatory.storage.writer.MetricBatch;
import io.observatory.storage.writer.MetricWriter;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;

import org.springframework.stereotype.Component;

/**
 * Accepts metrics and their data points. With a bad metric its points are rejected, too;
 * a bad point does not affect others.
 */
@Component
class MetricIntake extends SignalIntake<MetricBatch> {

	private final MetricWriter writer;

	MetricIntake(MetricWriter writer, Clock clock) {
		super(Signal.METRICS, writer, clock);
		this.writer = writer;
	}

	@Override
	MetricBatch newBatch() {
		return this.writer.newBatch();
	}

	@Override
	String schemaUrl(EncodedMessage scopes, MemoryLease lease) {
		return scopes.decode(ScopeMetrics.getDefaultInstance(), lease).getSchemaUrl();
	}

	/** OTLP counts points. */
	@Override
	long count(EncodedMessage metric) {
		long count = 0;
		for (MetricKind kind : MetricKind.values()) {
			count += points(metric, kind);
		}
		return count;
	}

	private static long points(EncodedMessage metric, MetricKind kind) {
		long[] count = new long[1];
		metric.forEach(kind.field(), (data) -> count[0] += data.count(kind.points()));
		return count[0];
	}

	@Override
	void read(EncodedMessage metric, Origin origin, Reading reading) {
		// a bad metric counts as rejected, even without points
		long points = Math.max(1, count(metric));
		reading.rows().add(points, () -> {
			MetricKind kind = kind(metric);
			Metric decoded = kind.metric(metric, reading.lease());
			var mapped = MetricMapping.metric(decoded, origin);
			reading.rows().put(() -> reading.batch().add(mapped));
			readPoints(metric, kind, new PointMapping(mapped), reading);
		});
	}

	private void readPoints(EncodedMessage metric, MetricKind kind, PointMapping mapping, Reading reading) {
		metric.forEach(kind.field(), (data) -> data.forEach(kind.points(), (encoded) -> reading.rows().add(1, () -> {
			MetricDataPoint point = kind.point(mapping, encoded, reading.lease());
			reading.rows()
				.put(() -> reading.batch().add(point),
						() -> tooOld("time_unix_nano", point.timestamp(), reading.receivedAt()));
		})));
	}

	private static MetricKind kind(EncodedMessage metric) {
		MetricKind found = null;
		for (MetricKind kind : MetricKind.values()) {
			if (metric.count(kind.field()) > 0) {
				if (found != null) {
					throw new BadRecordException("Metric.data", "is of more than one kind");
				}
				found = kind;
			}
		}
		if (found == null) {
			throw new BadRecordException("Metric.data", "is missing or of an unknown kind");
		}
		return found;
	}

}
