package io.observatory.storage.sample.it;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;

import com.google.protobuf.CodedOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Senders that mean harm, or do it without meaning to, one after the other against one
 * process with a heap of 256 MB, which an OutOfMemoryError would end. Meanwhile the
 * health answers; afterwards an ordinary post is stored. In full in the profile
 * {@code faults}.
 */
@Tag("faults")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class HostileSendersIT {

	private static final String PROTOBUF = "application/x-protobuf";

	private static final String JSON = "application/json";

	/** A post of which the body is to come. */
	private static final String BEGUN = "POST /v1/logs HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + PROTOBUF
			+ "\r\nContent-Length: 100000\r\n\r\n";

	/** Alone on the machine, and with slow bodies of 30 s. */
	private static final boolean FULL = "full".equals(System.getProperty("faults.length"));

	/** Half of it is for the body. */
	private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(FULL ? 60 : 20);

	/** In short, other tests run beside this one. What it was before is for ever. */
	private static final Duration HEALTH_WITHIN = Duration.ofSeconds(FULL ? 2 : 10);

	private static final AtomicLong MARKERS = new AtomicLong();

	private static final HttpClient HEALTH = HttpClient.newHttpClient();

	@TempDir
	private static Path directory;

	private static TestDatabase database;

	private static SampleProcess sample;

	private final AtomicBoolean watching = new AtomicBoolean(true);

	private final AtomicLong slowestHealth = new AtomicLong();

	private CompletableFuture<Void> watch = CompletableFuture.completedFuture(null);

	@BeforeAll
	static void start() {
		database = TestDatabase.create();
		sample = SampleProcess.start(directory,
				database.arguments("-Xmx256m", "--sample.intake.request-timeout=" + REQUEST_TIMEOUT.toSeconds() + "s"));
	}

	@AfterAll
	static void stop() {
		try (SampleProcess ended = sample) {
			assertThat(ended.log()).doesNotContain("OutOfMemoryError", "ERROR");
		}
	}

	/** By a client of its own: the others have a lot to do. */
	@BeforeEach
	void watchHealth() {
		HttpRequest request = sample.request("/actuator/health").timeout(Duration.ofSeconds(30)).build();
		this.watch = CompletableFuture.runAsync(() -> {
			while (this.watching.get()) {
				long start = System.nanoTime();
				assertThat(health(request)).isEqualTo(200);
				this.slowestHealth.accumulateAndGet(System.nanoTime() - start, Math::max);
			}
		}, Executors.newSingleThreadExecutor());
	}

	private static int health(HttpRequest request) {
		try {
			return HEALTH.send(request, BodyHandlers.discarding()).statusCode();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	@AfterEach
	void allIsWellAfterwards(TestInfo test) throws Exception {
		this.watching.set(false);
		this.watch.get(1, TimeUnit.MINUTES);
		Duration slowest = Duration.ofNanos(this.slowestHealth.get());
		System.out.printf("%s: the slowest answer of the health took %d ms%n", test.getDisplayName(),
				slowest.toMillis());
		assertThat(slowest).as("the slowest answer of the health").isLessThan(HEALTH_WITHIN);
		String marker = marker("ordinary");
		assertThat(sample.post("/v1/logs", PROTOBUF, OtlpLogs.request(marker)).statusCode()).isEqualTo(200);
		assertThat(count(marker)).isEqualTo(1);
		await().atMost(REQUEST_TIMEOUT.multipliedBy(2)).until(() -> metric("intake.memory.used") == 0);
	}

	/** A long number might be taken for that of a card, and be masked. */
	private static String marker(String text) {
		return text + " " + MARKERS.incrementAndGet();
	}

	private static long count(String body) {
		sample.flush();
		Long count = database.jdbc()
			.queryForObject("SELECT count(*) FROM observatory.logs WHERE body LIKE ?", Long.class, body);
		return (count != null) ? count : 0;
	}

	private static double metric(String name) {
		return sample.get("/actuator/metrics/" + name).get("measurements").get(0).get("value").asDouble();
	}

	/** Sends all at once, and waits for every answer. */
	private static List<HttpResponse<byte[]>> sendAll(int requests, IntFunction<HttpResponse<byte[]>> send) {
		ExecutorService senders = Executors.newFixedThreadPool(requests);
		try {
			List<CompletableFuture<HttpResponse<byte[]>>> responses = new ArrayList<>();
			for (int i = 0; i < requests; i++) {
				int request = i;
				responses.add(CompletableFuture.supplyAsync(() -> send.apply(request), senders));
			}
			return responses.stream().map(CompletableFuture::join).toList();
		}
		finally {
			senders.shutdownNow();
		}
	}

	@Test
	@Order(1)
	void twoHundredPostsOfFourMegabytesAtOnce() {
		String large = "large ".repeat(17_000);
		byte[] shared = OtlpLogs
			.request(IntStream.range(0, 40).mapToObj((i) -> "shared " + i + large).toArray(String[]::new));
		List<HttpResponse<byte[]>> responses = sendAll(200, (i) -> {
			byte[] own = OtlpLogs.request("post " + i);
			return sample.send(sample.request("/v1/logs")
				.header("Content-Type", PROTOBUF)
				.POST(BodyPublishers.ofByteArrays(List.of(own, shared))));
		});
		assertThat(responses).extracting(HttpResponse::statusCode).containsOnly(200, 503).contains(200);
		List<Integer> taken = IntStream.range(0, responses.size())
			.filter((i) -> responses.get(i).statusCode() == 200)
			.boxed()
			.toList();
		sample.flush();
		assertThat(database.jdbc()
			.queryForList("SELECT substr(body, 6)::int FROM observatory.logs WHERE body LIKE 'post %'", Integer.class))
			.as("those that were taken, each once")
			.containsExactlyInAnyOrderElementsOf(taken);
		assertThat(count("shared %")).isEqualTo(40L * taken.size());
		System.out.printf("200 posts of 4 MB at once: %d taken%n", taken.size());
	}

	@Test
	@Order(2)
	void bombsOfEmptyRecordsAndValues() throws IOException {
		byte[] emptyRecords = wrap(wrap(repeated(10_000_000, 0x12, 0x00), 2), 1);
		byte[] emptyValues = wrap(wrap(wrap(wrap(wrap(repeated(10_000_000, 0x0a, 0x00), 5), 5), 2), 2), 1);
		byte[] emptyJson = ("{\"resourceLogs\":[" + "{},".repeat(10_000_000) + "{}]}").getBytes(StandardCharsets.UTF_8);
		byte[] emptySpans = ("[" + "{},".repeat(10_000_000) + "{}]").getBytes(StandardCharsets.UTF_8);
		bomb("/v1/logs", PROTOBUF, emptyRecords, 413);
		bomb("/v1/logs", PROTOBUF, emptyValues, 200);
		bomb("/v1/logs", JSON, emptyJson, 413);
		bomb("/api/llm-spans", JSON, emptySpans, 413);
		assertThat(count("%")).as("no bomb is stored")
			.isEqualTo(database.jdbc()
				.queryForObject("SELECT count(*) FROM observatory.logs WHERE body IS NOT NULL", Long.class));
	}

	private static void bomb(String path, String contentType, byte[] body, int status) throws IOException {
		byte[] bomb = gzip(body);
		List<HttpResponse<byte[]>> responses = sendAll(4,
				(i) -> sample.send(sample.request(path)
					.header("Content-Type", contentType)
					.header("Content-Encoding", "gzip")
					.POST(BodyPublishers.ofByteArray(bomb))));
		assertThat(responses).as("%s of %d bytes, %d compressed", path, body.length, bomb.length)
			.extracting(HttpResponse::statusCode)
			.allMatch((answer) -> answer == status || answer == 503);
	}

	private static byte[] repeated(int times, int... bytes) {
		byte[] all = new byte[times * bytes.length];
		for (int i = 0; i < all.length; i++) {
			all[i] = (byte) bytes[i % bytes.length];
		}
		return all;
	}

	private static byte[] wrap(byte[] message, int field) throws IOException {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		CodedOutputStream coded = CodedOutputStream.newInstance(out);
		coded.writeByteArray(field, message);
		coded.flush();
		return out.toByteArray();
	}

	private static byte[] gzip(byte[] bytes) throws IOException {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
			gzip.write(bytes);
		}
		return out.toByteArray();
	}

	/**
	 * Of two kinds: by the byte, and such that send nothing more, not even when answered.
	 */
	@Test
	@Order(3)
	void bodiesThatAreSlowOrStop() throws Exception {
		List<Socket> slow = new ArrayList<>();
		List<Socket> stopped = new ArrayList<>();
		try {
			for (int i = 0; i < 210; i++) {
				slow.add(connect(BEGUN));
				stopped.add(connect(BEGUN + "not all"));
			}
			long end = System.nanoTime() + REQUEST_TIMEOUT.dividedBy(2).plusSeconds(2).toNanos();
			while (System.nanoTime() < end) {
				slow.forEach(HostileSendersIT::sendOneByte);
				String marker = marker("beside slow ones");
				assertThat(sample.post("/v1/logs", PROTOBUF, OtlpLogs.request(marker)).statusCode()).isEqualTo(200);
				TimeUnit.MILLISECONDS.sleep(200);
			}
			for (Socket socket : slow) {
				socket.setSoTimeout(5000);
				byte[] answer = socket.getInputStream().readNBytes("HTTP/1.1 408".length());
				assertThat(new String(answer, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 408");
			}
			await().atMost(REQUEST_TIMEOUT.multipliedBy(2))
				.until(() -> metric("intake.requests?tag=outcome:timeout") >= 2 * 210);
		}
		finally {
			close(slow);
			close(stopped);
		}
	}

	private static Socket connect(String text) throws IOException {
		Socket socket = new Socket("127.0.0.1", sample.uri("/").getPort());
		socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
		return socket;
	}

	private static void sendOneByte(Socket socket) {
		try {
			socket.getOutputStream().write(0);
		}
		catch (IOException ex) {
			// it has been answered
		}
	}

	private static void close(List<Socket> sockets) throws IOException {
		for (Socket socket : sockets) {
			socket.close();
		}
	}

	@Test
	@Order(4)
	void aThousandIdleConnections() throws Exception {
		List<Socket> sockets = new ArrayList<>();
		try {
			for (int i = 0; i < 1000; i++) {
				sockets.add(connect((i % 2 == 0) ? "" : "POST /v1/logs HTTP/1.1\r\nHost: local"));
			}
			for (int i = 0; i < 20; i++) {
				String marker = marker("beside idle ones");
				assertThat(sample.post("/v1/logs", PROTOBUF, OtlpLogs.request(marker)).statusCode()).isEqualTo(200);
				assertThat(count(marker)).isEqualTo(1);
			}
		}
		finally {
			close(sockets);
		}
	}

	@Test
	@Order(5)
	void whatWasRefusedIsOnThePageAndInTheLogOnceAMinute() {
		String page = new String(sample.send(sample.request("/writers").GET()).body(), StandardCharsets.UTF_8);
		assertThat(page).contains("too-large", "timeout", "no-memory", "sample.intake.max-request-size");
		JsonNode refused = sample.get("/actuator/metrics/intake.requests?tag=outcome:too-large");
		assertThat(refused.get("measurements").get(0).get("value").asDouble()).isPositive();
		assertThat(Arrays.stream(sample.log().split("\n")).filter((line) -> line.contains("did not arrive in time")))
			.hasSizeBetween(1, 4);
	}

}
