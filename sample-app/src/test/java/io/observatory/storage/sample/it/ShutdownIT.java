package io.observatory.storage.sample.it;

import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * SIGTERM while data flows: whatever was answered with 200 is in the database, once.
 */
class ShutdownIT {

	private static final int SENDERS = 6;

	private static final int ENOUGH = 600;

	/** 128 + 15, for SIGTERM. */
	private static final int TERMINATED = 143;

	@TempDir
	private Path directory;

	private final AtomicLong next = new AtomicLong();

	private final Set<Long> answered = ConcurrentHashMap.newKeySet();

	@Test
	void whatWasAnsweredIsStoredOnce() throws Exception {
		TestDatabase database = TestDatabase.create();
		try (SampleProcess sample = SampleProcess.start(this.directory, database.arguments())) {
			ExecutorService executor = Executors.newFixedThreadPool(SENDERS);
			List<? extends Future<?>> senders = IntStream.range(0, SENDERS)
				.mapToObj((i) -> executor.submit(() -> sendUntilRefused(sample)))
				.toList();
			await().atMost(Duration.ofMinutes(2)).until(() -> this.answered.size() >= ENOUGH);

			assertThat(sample.terminate()).isEqualTo(TERMINATED);

			for (Future<?> sender : senders) {
				sender.get(2, TimeUnit.MINUTES);
			}
			executor.shutdown();
			assertThat(sample.log()).doesNotContain(" ERROR ");
		}
		assertStoredOnce(database, 0, "SELECT substr(body, 5)::bigint FROM observatory.logs");
		assertStoredOnce(database, 1, "SELECT ('x' || span_id)::bit(64)::bigint FROM observatory.trace_spans");
		assertStoredOnce(database, 2, "SELECT value::bigint FROM observatory.metric_data_points");
	}

	private void assertStoredOnce(TestDatabase database, int signal, String query) {
		List<Long> stored = database.jdbc().queryForList(query, Long.class);
		assertThat(stored).doesNotHaveDuplicates()
			.containsAll(this.answered.stream().filter((number) -> number % 3 == signal).toList());
	}

	private void sendUntilRefused(SampleProcess sample) {
		while (true) {
			long number = this.next.incrementAndGet();
			try {
				HttpResponse<byte[]> response = send(sample, number);
				if (response.statusCode() == 200) {
					this.answered.add(number);
				}
				else {
					assertThat(response.statusCode()).isEqualTo(503);
				}
			}
			catch (UncheckedIOException ex) {
				// the server is gone, or going
				return;
			}
		}
	}

	private static HttpResponse<byte[]> send(SampleProcess sample, long number) {
		return switch ((int) (number % 3)) {
			case 0 -> sample.post("/v1/logs", "application/x-protobuf", OtlpLogs.request("log-" + number));
			case 1 -> sample.post("/v1/traces", "application/x-protobuf", span(number));
			default -> sample.post("/v1/metrics", "application/x-protobuf", point(number));
		};
	}

	private static byte[] span(long number) {
		byte[] traceId = ByteBuffer.allocate(16).putLong(1).putLong(number).array();
		byte[] spanId = ByteBuffer.allocate(8).putLong(number).array();
		return ExportTraceServiceRequest.newBuilder()
			.addResourceSpans(ResourceSpans.newBuilder()
				.addScopeSpans(ScopeSpans.newBuilder()
					.addSpans(Span.newBuilder()
						.setTraceId(ByteString.copyFrom(traceId))
						.setSpanId(ByteString.copyFrom(spanId))
						.setName("flowing")
						.setStartTimeUnixNano(now()))))
			.build()
			.toByteArray();
	}

	private static byte[] point(long number) {
		return ExportMetricsServiceRequest.newBuilder()
			.addResourceMetrics(ResourceMetrics.newBuilder()
				.addScopeMetrics(ScopeMetrics.newBuilder()
					.addMetrics(Metric.newBuilder()
						.setName("flowing")
						.setGauge(Gauge.newBuilder()
							.addDataPoints(NumberDataPoint.newBuilder().setTimeUnixNano(now()).setAsInt(number))))))
			.build()
			.toByteArray();
	}

	private static long now() {
		return TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
	}

}
