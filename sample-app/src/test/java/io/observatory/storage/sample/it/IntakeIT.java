package io.observatory.storage.sample.it;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The intake as it is by default: whoever sends gets a true answer.
 */
class IntakeIT {

	private static final String PROTOBUF = "application/x-protobuf";

	private static final String JSON = "application/json";

	@TempDir
	private static Path directory;

	private static TestDatabase database;

	private static SampleProcess sample;

	@BeforeAll
	static void start() {
		database = TestDatabase.create();
		// 30 MB of the heap is what a writer's buffer has on the 600 MB that a small
		// server has
		sample = SampleProcess.start(directory, "-Xmx640m", "--spring.datasource.url=" + database.url(),
				"--observatory.storage.spool.max-bytes=40MB", "--observatory.storage.traces.max-concurrency=2",
				"--observatory.storage.metrics.max-concurrency=2", "--observatory.storage.logs.max-concurrency=2");
	}

	@AfterAll
	static void stop() {
		sample.close();
	}

	private static long rows(String table) {
		return count(table, "true");
	}

	private static long count(String table, String condition, Object... arguments) {
		sample.flush();
		Long count = database.jdbc()
			.queryForObject("SELECT count(*) FROM observatory." + table + " WHERE " + condition, Long.class, arguments);
		return (count != null) ? count : 0;
	}

	private static long rejected(HttpResponse<byte[]> response) {
		if (response.statusCode() != 200) {
			return 0;
		}
		try {
			if (response.headers().firstValue("Content-Type").orElse("").startsWith(PROTOBUF)) {
				// field 1 of each signal's response and of its partial success
				return ExportTraceServiceResponse.parseFrom(response.body()).getPartialSuccess().getRejectedSpans();
			}
		}
		catch (InvalidProtocolBufferException ex) {
			throw new IllegalStateException(ex);
		}
		if (response.body().length == 0) {
			return 0;
		}
		JsonNode partial = JsonMapper.shared().readTree(response.body()).path("partialSuccess");
		for (JsonNode value : partial) {
			if (value.asString().matches("\\d+")) {
				return Long.parseLong(value.asString());
			}
		}
		return 0;
	}

	@ParameterizedTest(name = "{0}")
	@CsvFileSource(resources = "/cases/expected.csv", delimiter = '|')
	void publicCases(String name, int status, long rejected, String table, long stored) {
		long before = rows(table);
		HttpResponse<byte[]> response = sample.send(PublicCase.read(name).on(sample));
		assertThat(response.statusCode()).isEqualTo(status);
		assertThat(rejected(response)).isEqualTo(rejected);
		assertThat(rows(table) - before).isEqualTo(stored);
	}

	@ParameterizedTest
	@EnumSource
	void eachFaultCostsOnlyItsRecord(FaultyRequest signal) {
		long before = rows(signal.table());
		HttpResponse<byte[]> protobuf = sample.post(signal.path(), PROTOBUF, signal.protobuf());
		assertThat(protobuf.statusCode()).isEqualTo(200);
		assertThat(rejected(protobuf)).as("by protobuf").isEqualTo(signal.protobufFaults());
		assertThat(rows(signal.table()) - before).as("by protobuf").isEqualTo(100 - signal.protobufFaults());
		assertThat(new String(protobuf.body(), StandardCharsets.UTF_8)).contains("nanoseconds since 1970", "UTF-8");

		before = rows(signal.table());
		HttpResponse<byte[]> json = sample.post(signal.path(), JSON, signal.json());
		assertThat(json.statusCode()).isEqualTo(200);
		assertThat(rejected(json)).as("by JSON").isEqualTo(signal.jsonFaults());
		assertThat(rows(signal.table()) - before).as("by JSON").isEqualTo(100 - signal.jsonFaults());
	}

	@Test
	void sixHundredLlmSpansInTwoExports() {
		byte[] first = llmSpans("large", 512);
		assertThat(first.length).isGreaterThan(20 * 1024 * 1024);
		for (byte[] export : List.of(first, llmSpans("large", 88))) {
			HttpResponse<byte[]> response = sample.post("/v1/traces", PROTOBUF, export);
			assertThat(response.statusCode()).isEqualTo(200);
			assertThat(response.body()).isEmpty();
		}
		assertThat(count("trace_spans", "service_name = 'large'")).isEqualTo(600);
	}

	private static byte[] llmSpans(String service, int count) {
		String prompt = "what is it that you remember? ".repeat(1500);
		ScopeSpans.Builder spans = ScopeSpans.newBuilder();
		for (int i = 0; i < count; i++) {
			spans.addSpans(span().addAttributes(attribute("gen_ai.input.messages", prompt)));
		}
		return request(service, spans);
	}

	private static byte[] request(String service, ScopeSpans.Builder spans) {
		return ExportTraceServiceRequest.newBuilder()
			.addResourceSpans(ResourceSpans.newBuilder()
				.setResource(Resource.newBuilder().addAttributes(attribute("service.name", service)))
				.addScopeSpans(spans))
			.build()
			.toByteArray();
	}

	private static KeyValue attribute(String key, String value) {
		return KeyValue.newBuilder().setKey(key).setValue(AnyValue.newBuilder().setStringValue(value)).build();
	}

	private static Span.Builder span() {
		long now = Instant.now().toEpochMilli() * 1_000_000;
		return Span.newBuilder()
			.setTraceId(id(16))
			.setSpanId(id(8))
			.setName("chat")
			.setStartTimeUnixNano(now)
			.setEndTimeUnixNano(now + 1_000_000);
	}

	private static ByteString id(int length) {
		byte[] id = new byte[length];
		ThreadLocalRandom.current().nextBytes(id);
		return ByteString.copyFrom(id);
	}

	@Test
	void aRequestThatIsSentAgainByteForByteIsStoredOnce() {
		byte[] body = OtlpLogs.request("again");
		for (int i = 0; i < 3; i++) {
			assertThat(sample.post("/v1/logs", PROTOBUF, body).statusCode()).isEqualTo(200);
		}
		assertThat(count("logs", "body = 'again'")).isEqualTo(1);

		byte[] atOnce = OtlpLogs.request("at once");
		List<CompletableFuture<Integer>> answers = IntStream.range(0, 3)
			.mapToObj((i) -> CompletableFuture.supplyAsync(() -> sample.post("/v1/logs", PROTOBUF, atOnce).statusCode(),
					(task) -> new Thread(task).start()))
			.toList();
		assertThat(answers).allSatisfy((answer) -> assertThat(answer.join()).isEqualTo(200));
		assertThat(count("logs", "body = 'at once'")).isEqualTo(1);

		byte[] changed = OtlpLogs.request("again", "changed");
		assertThat(sample.post("/v1/logs", PROTOBUF, changed).statusCode()).isEqualTo(200);
		assertThat(count("logs", "body IN ('again', 'changed')")).isEqualTo(3);
		assertThat(sample.get("/actuator/metrics/intake.requests?tag=outcome:duplicate")
			.get("measurements")
			.get(0)
			.get("value")
			.asInt()).isEqualTo(4);
	}

	@Test
	void gzipInMembersThatComeOneByOne() throws Exception {
		try (Socket socket = new Socket("127.0.0.1", sample.uri("/").getPort())) {
			socket.setSoTimeout(30_000);
			OutputStream out = socket.getOutputStream();
			out.write(("POST /v1/logs HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: " + PROTOBUF
					+ "\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n")
				.getBytes(StandardCharsets.US_ASCII));
			for (int i = 0; i < 10; i++) {
				chunk(out, OtlpLogs.gzip(OtlpLogs.request("member " + i)));
				TimeUnit.MILLISECONDS.sleep(50);
			}
			chunk(out, new byte[0]);
			assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
				.startsWith("HTTP/1.1 200");
		}
		assertThat(count("logs", "body LIKE 'member %'")).isEqualTo(10);
	}

	/** A packet may end anywhere, also within what stands around a chunk. */
	@Test
	void chunksInPiecesOfAnySize() throws Exception {
		Random random = new Random(20261129);
		int requests = 200;
		for (int i = 0; i < requests; i++) {
			ByteArrayOutputStream body = new ByteArrayOutputStream();
			for (int member = 0; member < 6; member++) {
				chunk(body, OtlpLogs.gzip(OtlpLogs.request("piece " + i + "." + member)));
			}
			chunk(body, new byte[0]);
			assertThat(sendInPieces(body.toByteArray(), random)).as("request %d", i).startsWith("HTTP/1.1 200");
		}
		assertThat(count("logs", "body LIKE 'piece %'")).isEqualTo(6 * requests);
	}

	private static String sendInPieces(byte[] chunks, Random random) throws IOException {
		try (Socket socket = new Socket("127.0.0.1", sample.uri("/").getPort())) {
			socket.setSoTimeout(30_000);
			socket.setTcpNoDelay(true);
			OutputStream out = socket.getOutputStream();
			out.write(("POST /v1/logs HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: " + PROTOBUF
					+ "\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n")
				.getBytes(StandardCharsets.US_ASCII));
			for (int sent = 0; sent < chunks.length;) {
				int length = Math.min(1 + random.nextInt(60), chunks.length - sent);
				out.write(chunks, sent, length);
				sent += length;
				LockSupport.parkNanos(random.nextInt(1_000_000));
			}
			return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
		}
	}

	private static void chunk(OutputStream out, byte[] bytes) throws IOException {
		out.write((Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
		out.write(bytes);
		out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
		out.flush();
	}

	@Test
	void whatIsLargerThanABufferGoesInParts() {
		ScopeSpans.Builder spans = ScopeSpans.newBuilder();
		String text = HexFormat.of().formatHex(id(2000).toByteArray());
		for (int i = 0; i < 12_000; i++) {
			spans.addSpans(span().addAttributes(attribute("text", text)));
		}
		long buffer = sample.get("/api/stats").get("writers").get("traces").get("buffer").get("maxBytes").asLong();
		byte[] body = request("in parts", spans);
		assertThat((long) body.length).isGreaterThan(buffer);
		HttpResponse<byte[]> response = sample.post("/v1/traces", PROTOBUF, body);
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(count("trace_spans", "service_name = 'in parts'")).isEqualTo(12_000 - rejected(response));
	}

	@ParameterizedTest
	@ValueSource(strings = { "http", "grpc" })
	void aHundredThousandSpansByFiftyConnections(String protocol) {
		ExecutorService senders = Executors.newFixedThreadPool(50);
		try {
			List<CompletableFuture<Void>> sent = new ArrayList<>();
			for (int connection = 0; connection < 50; connection++) {
				sent.add(CompletableFuture.runAsync(() -> sendFourRequests(protocol), senders));
			}
			sent.forEach(CompletableFuture::join);
		}
		finally {
			senders.shutdownNow();
		}
		assertThat(count("trace_spans", "service_name = ?", protocol)).isEqualTo(100_000);
	}

	private static void sendFourRequests(String protocol) {
		try (GrpcClient client = new GrpcClient(sample.grpcPort())) {
			for (int i = 0; i < 4; i++) {
				ScopeSpans.Builder spans = ScopeSpans.newBuilder();
				IntStream.range(0, 500).forEach((n) -> spans.addSpans(span()));
				byte[] body = request(protocol, spans);
				sendUntilTaken(() -> protocol.equals("grpc") ? byGrpc(client, body)
						: sample.post("/v1/traces", PROTOBUF, body).statusCode());
			}
		}
	}

	/** Returns the status as HTTP has it. */
	private static int byGrpc(GrpcClient client, byte[] body) {
		try {
			client.call("opentelemetry.proto.collector.trace.v1.TraceService/Export", body);
			return 200;
		}
		catch (StatusRuntimeException ex) {
			return (ex.getStatus().getCode() == Status.Code.UNAVAILABLE) ? 503 : 500;
		}
	}

	/**
	 * The server tells that a body is complete while another thread may be reading it.
	 */
	@Test
	void everyByteOfManySmallRequestsIsRead() {
		ExecutorService senders = Executors.newFixedThreadPool(8);
		try {
			List<CompletableFuture<Void>> sent = IntStream.range(0, 8)
				.mapToObj((sender) -> CompletableFuture.runAsync(() -> {
					for (int i = 0; i < 250; i++) {
						HttpResponse<byte[]> response = sample.post("/v1/logs", JSON,
								"""
										{"resourceLogs": [{"scopeLogs": [{"logRecords": [{"body": {"stringValue": "small %d %d"}}]}]}]}"""
									.formatted(sender, i)
									.getBytes(StandardCharsets.UTF_8));
						assertThat(response.statusCode()).isEqualTo(200);
					}
				}, senders))
				.toList();
			sent.forEach(CompletableFuture::join);
		}
		finally {
			senders.shutdownNow();
		}
		assertThat(count("logs", "body LIKE 'small %'")).isEqualTo(2000);
	}

	/** As exporters do. */
	private static void sendUntilTaken(IntSupplier send) {
		int status = send.getAsInt();
		while (status == 503) {
			status = send.getAsInt();
		}
		assertThat(status).isEqualTo(200);
	}

}
