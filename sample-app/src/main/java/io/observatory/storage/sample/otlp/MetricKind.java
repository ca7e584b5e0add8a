package io.observatory.storage.sample.otlp;

import java.util.Arrays;

import com.google.protobuf.Message;
import io.observatory.storage.model.MetricDataPoint;
import io.observatory.storage.sample.intake.MemoryLease;
import io.observatory.storage.sample.mapping.BadRecordException;
import io.observatory.storage.sample.mapping.PointMapping;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogram;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Histogram;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.Sum;
import io.opentelemetry.proto.metrics.v1.Summary;
import io.opentelemetry.proto.metrics.v1.SummaryDataPoint;
import org.jspecify.annotations.Nullable;

/**
 * The kinds of metrics, each with a message type of its own that has a list of data
 * points. The integer kinds were removed from OTLP in 2021; their points are counted, but
 * not read.
 */
enum MetricKind {

	GAUGE(5, Gauge.getDefaultInstance(),
			(mapping, point, lease) -> mapping.number(point.decode(NumberDataPoint.getDefaultInstance(), lease)),
			"gauge"),

	SUM(7, Sum.getDefaultInstance(),
			(mapping, point, lease) -> mapping.number(point.decode(NumberDataPoint.getDefaultInstance(), lease)),
			"sum"),

	HISTOGRAM(9, Histogram.getDefaultInstance(),
			(mapping, point, lease) -> mapping.histogram(point.decode(HistogramDataPoint.getDefaultInstance(), lease)),
			"histogram"),

	EXPONENTIAL_HISTOGRAM(10, ExponentialHistogram.getDefaultInstance(),
			(mapping, point, lease) -> mapping
				.exponentialHistogram(point.decode(ExponentialHistogramDataPoint.getDefaultInstance(), lease)),
			"exponentialHistogram", "exponential_histogram"),

	SUMMARY(11, Summary.getDefaultInstance(),
			(mapping, point, lease) -> mapping.summary(point.decode(SummaryDataPoint.getDefaultInstance(), lease)),
			"summary"),

	INT_GAUGE(4, null, MetricKind::givenUp, "intGauge", "int_gauge"),

	INT_SUM(6, null, MetricKind::givenUp, "intSum", "int_sum"),

	INT_HISTOGRAM(8, null, MetricKind::givenUp, "intHistogram", "int_histogram");

	private final OtlpField points = OtlpField.of(1, "dataPoints", "data_points");

	private final OtlpField field;

	private final int number;

	private final @Nullable Message data;

	private final PointReader reader;

	MetricKind(int number, @Nullable Message data, PointReader reader, String... names) {
		this.number = number;
		this.field = OtlpField.of(number, names).with(this.points);
		this.data = data;
		this.reader = reader;
	}

	private static MetricDataPoint givenUp(PointMapping mapping, EncodedMessage point, MemoryLease lease) {
		throw givenUp();
	}

	private static BadRecordException givenUp() {
		return new BadRecordException("Metric.data",
				"is of a kind that OTLP gave up in 2021: send a gauge, sum or histogram");
	}

	/** Returns the field of a metric that holds its data of this kind. */
	OtlpField field() {
		return this.field;
	}

	/** Returns the field of the data that holds its points. */
	OtlpField points() {
		return this.points;
	}

	static OtlpField[] fields() {
		return Arrays.stream(values()).map(MetricKind::field).toArray(OtlpField[]::new);
	}

	/** Decodes a metric, without its points. */
	Metric metric(EncodedMessage metric, MemoryLease lease) {
		if (this.data == null) {
			throw givenUp();
		}
		Message.Builder data = this.data.newBuilderForType();
		metric.forEach(this.field, (part) -> data.mergeFrom(part.decode(this.data, lease)));
		return metric.decode(Metric.getDefaultInstance(), lease)
			.toBuilder()
			.setField(Metric.getDescriptor().findFieldByNumber(this.number), data.build())
			.build();
	}

	/** Decodes a data point. */
	MetricDataPoint point(PointMapping mapping, EncodedMessage point, MemoryLease lease) {
		return this.reader.read(mapping, point, lease);
	}

	@FunctionalInterface
	private interface PointReader {

		MetricDataPoint read(PointMapping mapping, EncodedMessage point, MemoryLease lease);

	}

}
