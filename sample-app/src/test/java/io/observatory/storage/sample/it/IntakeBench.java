package io.observatory.storage.sample.it;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

import com.google.protobuf.ByteString;
import io.grpc.StatusRuntimeException;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

/**
 * How many spans a second the sample stores that come in requests of 512, and how much
 * CPU its process takes for each: by HTTP and by gRPC, by turns, with durable settings.
 * {@code -Dbench.before=} names the jar of an earlier version to be measured beside them,
 * by HTTP.
 */
public final class IntakeBench {

	private static final int SPANS = 512;

	private static final int SENDERS = 8;

	/** The place of a span id in the request, and half of that of a trace id. */
	private static final long PLACE = 0xFADE_BEEF_FADE_BEEFL;

	private static final AtomicLong IDS = new AtomicLong(System.nanoTime());

	private IntakeBench() {
	}

	public static void main(String[] args) throws Exception {
		int rounds = Integer.getInteger("bench.rounds", 9);
		Duration round = Duration.ofSeconds(Integer.getInteger("bench.seconds", 10));
		String earlier = System.getProperty("bench.before", "");
		Map<String, List<double[]>> results = new LinkedHashMap<>();
		List<Target> before = new ArrayList<>();
		try (Target now = Target.start(System.getProperty("sample.jar"))) {
			if (!earlier.isEmpty()) {
				before.add(Target.start(earlier));
			}
			for (int i = -1; i < rounds; i++) {
				// the first one warms up
				Map<String, List<double[]>> into = (i < 0) ? new LinkedHashMap<>() : results;
				measure("http", now.sample(), IntakeBench::byHttp, round, into);
				measure("grpc", now.sample(), IntakeBench::byGrpc, round, into);
				before.forEach((target) -> measure("http, before", target.sample(), IntakeBench::byHttp, round, into));
			}
		}
		finally {
			for (Target target : before) {
				target.close();
			}
		}
		results.forEach((name, figures) -> System.out.printf("%-14s %8.0f spans/s, %6.2f µs of CPU a span%n", name,
				median(figures, 0), median(figures, 1)));
	}

	private static void measure(String name, SampleProcess sample, Function<SampleProcess, Sender> protocol,
			Duration round, Map<String, List<double[]>> results) {
		Duration cpu = sample.cpu();
		long begun = System.nanoTime();
		long taken = send(sample, protocol, begun + round.toNanos());
		sample.flush();
		double seconds = (System.nanoTime() - begun) / 1e9;
		double micros = sample.cpu().minus(cpu).toNanos() / 1e3;
		results.computeIfAbsent(name, (key) -> new ArrayList<>()).add(new double[] { taken / seconds, micros / taken });
	}

	private static long send(SampleProcess sample, Function<SampleProcess, Sender> protocol, long end) {
		ExecutorService senders = Executors.newFixedThreadPool(SENDERS);
		try {
			List<CompletableFuture<Long>> sent = new ArrayList<>();
			for (int i = 0; i < SENDERS; i++) {
				sent.add(CompletableFuture.supplyAsync(() -> sendUntil(end, protocol.apply(sample)), senders));
			}
			return sent.stream().mapToLong(CompletableFuture::join).sum();
		}
		finally {
			senders.shutdownNow();
		}
	}

	private static long sendUntil(long end, Sender sender) {
		byte[] body = request();
		int[] places = places(body);
		long taken = 0;
		try (sender) {
			while (System.nanoTime() < end) {
				for (int place : places) {
					ByteBuffer.wrap(body).putLong(place, IDS.incrementAndGet());
				}
				taken += sender.send(body) ? SPANS : 0;
			}
		}
		return taken;
	}

	private static int[] places(byte[] body) {
		ByteBuffer bytes = ByteBuffer.wrap(body);
		List<Integer> places = new ArrayList<>();
		for (int i = 0; i + Long.BYTES <= body.length; i++) {
			if (bytes.getLong(i) == PLACE) {
				places.add(i);
				i += Long.BYTES - 1;
			}
		}
		return places.stream().mapToInt(Integer::intValue).toArray();
	}

	private static byte[] request() {
		ByteString place = ByteString.copyFrom(ByteBuffer.allocate(8).putLong(0, PLACE));
		ScopeSpans.Builder spans = ScopeSpans.newBuilder();
		long now = System.currentTimeMillis() * 1_000_000;
		for (int i = 0; i < SPANS; i++) {
			spans.addSpans(Span.newBuilder()
				.setTraceId(place.concat(place))
				.setSpanId(place)
				.setName("GET /orders/{id}")
				.setStartTimeUnixNano(now)
				.setEndTimeUnixNano(now + 1_000_000)
				.addAttributes(attribute("http.request.method", "GET"))
				.addAttributes(attribute("http.route", "/orders/{id}"))
				.addAttributes(attribute("server.address", "orders.example"))
				.addAttributes(attribute("http.response.status_code", "200")));
		}
		return ExportTraceServiceRequest.newBuilder()
			.addResourceSpans(ResourceSpans.newBuilder().addScopeSpans(spans))
			.build()
			.toByteArray();
	}

	private static KeyValue attribute(String key, String value) {
		return KeyValue.newBuilder().setKey(key).setValue(AnyValue.newBuilder().setStringValue(value)).build();
	}

	private static Sender byHttp(SampleProcess sample) {
		return (body) -> sample.post("/v1/traces", "application/x-protobuf", body).statusCode() == 200;
	}

	private static Sender byGrpc(SampleProcess sample) {
		GrpcClient client = new GrpcClient(sample.grpcPort());
		return new Sender() {

			@Override
			public boolean send(byte[] body) {
				try {
					client.call("opentelemetry.proto.collector.trace.v1.TraceService/Export", body);
					return true;
				}
				catch (StatusRuntimeException ex) {
					return false;
				}
			}

			@Override
			public void close() {
				client.close();
			}

		};
	}

	private static double median(List<double[]> figures, int column) {
		double[] sorted = figures.stream().mapToDouble((figure) -> figure[column]).sorted().toArray();
		return sorted[sorted.length / 2];
	}

	@FunctionalInterface
	private interface Sender extends AutoCloseable {

		/** Returns whether the request was taken. */
		boolean send(byte[] body);

		@Override
		default void close() {
		}

	}

	/**
	 * A version of the sample with a database of its own.
	 */
	private record Target(EmbeddedPostgres postgres, SampleProcess sample) implements AutoCloseable {

		static Target start(String jar) throws Exception {
			System.setProperty("sample.jar", jar);
			EmbeddedPostgres postgres = EmbeddedPostgres.builder()
				.setServerConfig("fsync", "on")
				.setServerConfig("synchronous_commit", "on")
				.setServerConfig("full_page_writes", "on")
				.setServerConfig("max_wal_size", "4GB")
				.start();
			Path directory = Files.createTempDirectory("intake-bench");
			// as a server has it, not as a test that wants to start soon
			String[] arguments = TestDatabase.at(postgres.getJdbcUrl("postgres", "postgres"))
				.arguments("-XX:TieredStopAtLevel=4", "-Xmx1g");
			return new Target(postgres, SampleProcess.start(directory, arguments));
		}

		@Override
		public void close() throws Exception {
			this.sample.close();
			this.postgres.close();
		}

	}

}
