package io.observatory.storage.sample.it;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.google.common.primitives.Bytes;
import com.google.rpc.RetryInfo;
import io.grpc.CallOptions;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse;
import io.opentelemetry.proto.collector.logs.v1.LogsServiceGrpc;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * OTLP/gRPC beyond what an SDK does: too much, too slow, broken, no room.
 */
class OtlpGrpcIT {

	private static final String EXPORT = LogsServiceGrpc.getExportMethod().getFullMethodName();

	private static final int MAX_SIZE = 5 * 1024 * 1024;

	private static final int BUFFER_ROWS = 50;

	private static final String SECRET = "what nobody may read in a log";

	@TempDir
	private static Path directory;

	private static TestDatabase database;

	private static SampleProcess sample;

	private static GrpcClient client;

	@BeforeAll
	static void start() {
		database = TestDatabase.create();
		sample = SampleProcess.start(directory,
				database.arguments("--observatory.storage.logs.max-buffer-rows=" + BUFFER_ROWS,
						"--sample.intake.max-request-size=" + MAX_SIZE + "B", "--sample.intake.request-timeout=10s",
						"-Xmx256m", "--sample.intake.max-memory=24MB"));
		client = new GrpcClient(sample.grpcPort());
	}

	@AfterAll
	static void stop() {
		try (SampleProcess ended = sample; GrpcClient closed = client) {
			assertThat(ended.log()).doesNotContain(SECRET);
		}
	}

	@AfterEach
	void noMemoryIsHeld() {
		await().atMost(Duration.ofSeconds(30))
			.until(() -> sample.get("/actuator/metrics/intake.memory.used")
				.get("measurements")
				.get(0)
				.get("value")
				.asDouble() == 0);
	}

	private static long stored(String body) {
		sample.flush();
		return database.jdbc()
			.queryForObject("SELECT count(*) FROM observatory.logs WHERE body LIKE ?", Long.class, body);
	}

	private static long counted(String outcome) {
		HttpResponse<byte[]> meter = sample
			.send(sample.request("/actuator/metrics/intake.requests?tag=protocol:grpc&tag=outcome:" + outcome).GET());
		String value = new String(meter.body(), StandardCharsets.UTF_8).replaceAll(".*\"value\":([0-9.E]+).*", "$1");
		return (meter.statusCode() == 404) ? 0 : (long) Double.parseDouble(value);
	}

	private static StatusRuntimeException refused(byte[] message) {
		return catchThrowableOfType(StatusRuntimeException.class, () -> client.call(EXPORT, message));
	}

	private static StatusRuntimeException refused(byte[] message, String encoding) {
		return catchThrowableOfType(StatusRuntimeException.class, () -> client.call(EXPORT, message, encoding));
	}

	@Test
	void badRecordsAreCountedAndTheOthersStored() throws Exception {
		byte[] answer = client.call(EXPORT, OtlpLogs.request(List.of(OtlpLogs.log("partial").build(),
				OtlpLogs.log("partial " + SECRET).setTimeUnixNano(-1).build(), OtlpLogs.log("partial").build())));
		var partial = ExportLogsServiceResponse.parseFrom(answer).getPartialSuccess();
		assertThat(partial.getRejectedLogRecords()).isEqualTo(1);
		assertThat(partial.getErrorMessage()).contains("LogRecord.timestamp").doesNotContain(SECRET);
		assertThat(stored("partial%")).isEqualTo(2);
	}

	@Test
	void fullIsUnavailableWithRetryInfoAndNothingIsTaken() throws Exception {
		List<String> taken = new ArrayList<>();
		List<String> refused = new ArrayList<>();
		long before = counted("buffer-full");
		sample.flush();
		try (Connection connection = DriverManager.getConnection(database.url())) {
			connection.setAutoCommit(false);
			try (Statement statement = connection.createStatement()) {
				statement.execute("LOCK TABLE observatory.logs IN ACCESS EXCLUSIVE MODE");
			}
			for (int i = 0; i < 2 * BUFFER_ROWS / 10; i++) {
				String marker = "full " + i + " ";
				StatusRuntimeException refusal = refused(tenLogs(marker));
				(refusal == null ? taken : refused).add(marker);
				if (refusal != null) {
					assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
					assertThat(retryInfo(refusal).getRetryDelay().getSeconds()).isEqualTo(3);
				}
			}
			connection.rollback();
		}
		assertThat(taken).hasSize(BUFFER_ROWS / 10);
		assertThat(counted("buffer-full") - before).isEqualTo(refused.size()).isEqualTo(5);
		taken.forEach((marker) -> assertThat(stored(marker + "%")).as(marker).isEqualTo(10));
		refused.forEach((marker) -> assertThat(stored(marker + "%")).as(marker).isZero());
	}

	private static byte[] tenLogs(String marker) {
		return OtlpLogs.request(IntStream.range(0, 10).mapToObj((i) -> marker + i).toArray(String[]::new));
	}

	private static RetryInfo retryInfo(StatusRuntimeException refusal) throws IOException {
		com.google.rpc.Status status = StatusProto.fromThrowable(refusal);
		assertThat(status.getCode()).isEqualTo(refusal.getStatus().getCode().value());
		assertThat(status.getMessage()).isEqualTo(refusal.getStatus().getDescription());
		assertThat(status.getDetailsList()).hasSize(1);
		return status.getDetails(0).unpack(RetryInfo.class);
	}

	@Test
	void tooLargeIsResourceExhaustedAndNotToBeSentAgain() {
		long before = counted("too-large");
		byte[] large = OtlpLogs.request(SECRET + "x".repeat(MAX_SIZE));
		byte[] bomb = OtlpLogs.gzip(OtlpLogs.request("x".repeat(10 * MAX_SIZE)));
		for (StatusRuntimeException refusal : List.of(refused(large), refused(OtlpLogs.gzip(large), "gzip"),
				refused(bomb, "gzip"))) {
			assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
			assertThat(StatusProto.fromThrowable(refusal).getDetailsList()).isEmpty();
			assertThat(refusal.getStatus().getDescription()).contains("sample.intake.max-request-size");
		}
		assertThat(counted("too-large") - before).isEqualTo(3);
		assertThat(sample.log()).contains("Request refused of logs by grpc: The request is larger than " + MAX_SIZE)
			.doesNotContain("Exception processing message");
	}

	@ParameterizedTest
	@MethodSource("broken")
	void whatIsBrokenIsAnInvalidArgument(byte[] message, String encoding) {
		long before = counted("malformed");
		StatusRuntimeException refusal = (encoding != null) ? refused(message, encoding) : refused(message);
		assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
		assertThat(refusal.getStatus().getDescription()).doesNotContain(SECRET);
		assertThat(counted("malformed") - before).isEqualTo(1);
	}

	static Stream<Object[]> broken() {
		byte[] gzip = OtlpLogs.gzip(OtlpLogs.request("broken"));
		byte[] members = members("broken", 2);
		return Stream.of(new Object[] { ("garbage, " + SECRET).getBytes(StandardCharsets.UTF_8), null },
				new Object[] { OtlpLogs.request("not compressed"), "gzip" },
				new Object[] { Arrays.copyOf(gzip, gzip.length - 1), "gzip" },
				new Object[] { Arrays.copyOf(members, members.length - 3), "gzip" },
				new Object[] { Arrays.copyOf(gzip, gzip.length + 5), "gzip" });
	}

	@Test
	void aGzipOfManyMembersIsReadToItsEnd() {
		client.call(EXPORT, members("member", 10), "gzip");
		assertThat(stored("member %")).isEqualTo(10);
	}

	/** Protobuf messages one after the other are one message with the fields of all. */
	private static byte[] members(String marker, int count) {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		for (int i = 0; i < count; i++) {
			out.writeBytes(OtlpLogs.gzip(OtlpLogs.request(marker + " " + i)));
		}
		return out.toByteArray();
	}

	@Test
	void whatIsNotKnownIsUnimplemented() {
		long before = counted("unsupported");
		assertThat(refused(OtlpLogs.request("snappy"), "snappy").getStatus().getCode())
			.isEqualTo(Status.Code.UNIMPLEMENTED);
		assertThat(counted("unsupported") - before).isEqualTo(1);
		assertThat(catchThrowableOfType(StatusRuntimeException.class,
				() -> client.call("opentelemetry.proto.collector.profiles.v1.ProfilesService/Export", new byte[0]))
			.getStatus()
			.getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
	}

	@Test
	void aCallHasExactlyOneMessage() {
		assertThat(statusOf(List.of())).isEqualTo(Status.Code.INVALID_ARGUMENT);
		assertThat(statusOf(List.of(OtlpLogs.request("one of two"), OtlpLogs.request("two of two"))))
			.isEqualTo(Status.Code.INVALID_ARGUMENT);
		assertThat(stored("% of two")).isZero();
	}

	private static Status.Code statusOf(List<byte[]> messages) {
		Answer answer = new Answer();
		StreamObserver<byte[]> call = ClientCalls.asyncClientStreamingCall(
				client.channel().newCall(GrpcClient.method(EXPORT, MethodType.CLIENT_STREAMING), CallOptions.DEFAULT),
				answer);
		messages.forEach(call::onNext);
		call.onCompleted();
		return answer.code.orTimeout(60, TimeUnit.SECONDS).join();
	}

	@Test
	void whoIsSlowHurtsNobodyElse() throws Exception {
		long before = counted("timeout");
		List<Http2Socket> connections = new ArrayList<>();
		try {
			for (int i = 0; i < 1000; i++) {
				connections.add(Http2Socket.connect(sample.grpcPort()));
			}
			List<Http2Socket> slow = connections.subList(0, 210);
			for (Http2Socket connection : slow) {
				// the first 5 of 100 bytes, and no more
				connection.call(EXPORT).data(new byte[] { 0, 0, 0, 0, 100, 1, 2, 3, 4, 5 });
			}
			assertThat(
					sample.send(sample.request("/actuator/health").timeout(Duration.ofSeconds(2)).GET()).statusCode())
				.isEqualTo(200);
			client.call(EXPORT, OtlpLogs.request("beside the slow"));
			assertThat(slow).allSatisfy(
					(connection) -> assertThat(connection.status()).isEqualTo(Status.Code.DEADLINE_EXCEEDED.value()));
		}
		finally {
			connections.forEach(Http2Socket::close);
		}
		assertThat(counted("timeout") - before).isEqualTo(210);
		assertThat(stored("beside the slow")).isEqualTo(1);
	}

	@Test
	void whatThereIsNoMemoryForIsUnavailableAndTheRestIsStored() {
		byte[] field = new byte[4 * 1024 * 1024];
		// field 15, which nobody knows, of the length that is left
		ByteBuffer.wrap(field).put((byte) 0x7A).put((byte) 0xFB).put((byte) 0xFF).put((byte) 0xFF).put((byte) 1);
		ExecutorService senders = Executors.newFixedThreadPool(20);
		try {
			List<CompletableFuture<StatusRuntimeException>> sent = IntStream.range(0, 60)
				.mapToObj((i) -> CompletableFuture
					.supplyAsync(() -> refused(Bytes.concat(OtlpLogs.request("large " + i), field)), senders))
				.toList();
			List<StatusRuntimeException> refusals = sent.stream()
				.map(CompletableFuture::join)
				.filter(Objects::nonNull)
				.toList();
			assertThat(refusals).isNotEmpty().allSatisfy((refusal) -> {
				assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
				assertThat(retryInfo(refusal).getRetryDelay().getSeconds()).isEqualTo(3);
			});
			assertThat(stored("large %")).isPositive().isEqualTo(60 - refusals.size());
		}
		finally {
			senders.shutdownNow();
		}
	}

	@Test
	void whatArrivesInTinyFramesIsCountedWithWhatTheyCost() throws Exception {
		try (Http2Socket connection = Http2Socket.connect(sample.grpcPort()).call(EXPORT)) {
			connection.data(new byte[] { 0, 0, 15, 0, 0 });
			for (int i = 0; i < 50_000; i++) {
				connection.data(new byte[1]);
			}
			assertThat(connection.status()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED.value());
		}
	}

	private static final class Answer implements StreamObserver<byte[]> {

		private final CompletableFuture<Status.Code> code = new CompletableFuture<>();

		@Override
		public void onNext(byte[] answer) {
			this.code.complete(Status.Code.OK);
		}

		@Override
		public void onError(Throwable failure) {
			this.code.complete(Status.fromThrowable(failure).getCode());
		}

		@Override
		public void onCompleted() {
			this.code.complete(Status.Code.OK);
		}

	}

}
