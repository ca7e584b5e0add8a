package io.observatory.storage.sample.it;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;

/**
 * The three signals of OTLP, with requests of numbered records whose rows show the
 * number.
 */
enum Signal {

	LOGS("logs", 0, "SELECT substr(body, 5)::bigint FROM observatory.logs") {
		@Override
		byte[] request(long first, int count) {
			return OtlpLogs.request(numbers(first, count).mapToObj((number) -> "log-" + number).toArray(String[]::new));
		}
	},

	TRACES("traces", 0, "SELECT ('x' || span_id)::bit(64)::bigint FROM observatory.trace_spans") {
		@Override
		byte[] request(long first, int count) {
			ScopeSpans.Builder spans = ScopeSpans.newBuilder();
			numbers(first, count).forEach((number) -> spans.addSpans(span(number)));
			return ExportTraceServiceRequest.newBuilder()
				.addResourceSpans(ResourceSpans.newBuilder().addScopeSpans(spans))
				.build()
				.toByteArray();
		}
	},

	METRICS("metrics", 1, "SELECT value::bigint FROM observatory.metric_data_points") {
		@Override
		byte[] request(long first, int count) {
			Gauge.Builder gauge = Gauge.newBuilder();
			numbers(first, count).forEach((number) -> gauge
				.addDataPoints(NumberDataPoint.newBuilder().setTimeUnixNano(now()).setAsInt(number)));
			return ExportMetricsServiceRequest.newBuilder()
				.addResourceMetrics(ResourceMetrics.newBuilder()
					.addScopeMetrics(ScopeMetrics.newBuilder()
						.addMetrics(Metric.newBuilder().setName("flowing").setGauge(gauge))))
				.build()
				.toByteArray();
		}
	};

	private final String writer;

	private final int rowsBeside;

	private final String storedNumbers;

	Signal(String writer, int rowsBeside, String storedNumbers) {
		this.writer = writer;
		this.rowsBeside = rowsBeside;
		this.storedNumbers = storedNumbers;
	}

	/** Returns the name of its writer, which its path ends with. */
	String writer() {
		return this.writer;
	}

	String path() {
		return "/v1/" + this.writer;
	}

	/** Returns how many rows a request makes beside one for each record. */
	int rowsBeside() {
		return this.rowsBeside;
	}

	/** Returns a query of the numbers of the records that are stored. */
	String storedNumbers() {
		return this.storedNumbers;
	}

	abstract byte[] request(long first, int count);

	private static LongStream numbers(long first, int count) {
		return LongStream.range(first, first + count);
	}

	private static Span span(long number) {
		return Span.newBuilder()
			.setTraceId(ByteString.copyFrom(ByteBuffer.allocate(16).putLong(1).putLong(number).array()))
			.setSpanId(ByteString.copyFrom(ByteBuffer.allocate(8).putLong(number).array()))
			.setName("flowing")
			.setStartTimeUnixNano(now())
			.build();
	}

	private static long now() {
		return TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
	}

}
