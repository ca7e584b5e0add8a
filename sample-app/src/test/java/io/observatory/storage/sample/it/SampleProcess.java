package io.observatory.storage.sample.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The application as a process of its own, on free ports: as it is packaged, or, which
 * starts sooner, as that is extracted.
 */
final class SampleProcess implements AutoCloseable {

	private static final Duration PATIENCE = Duration.ofMinutes(3);

	private static final Pattern PORT = Pattern.compile("Tomcat started on port (\\d+)");

	private static final Pattern GRPC_PORT = Pattern.compile("OTLP/gRPC started on port (\\d+)");

	private static final Pattern STARTED = Pattern.compile("Started SampleApplication in");

	private final HttpClient client = HttpClient.newBuilder()
		.version(HttpClient.Version.HTTP_1_1)
		.connectTimeout(Duration.ofSeconds(10))
		.build();

	private final Process process;

	private final Path log;

	private SampleProcess(Process process, Path log) {
		this.process = process;
		this.log = log;
	}

	/**
	 * Starts the application and waits until it serves.
	 * @param directory gets its log
	 */
	static SampleProcess start(Path directory, String... arguments) {
		return serving(launch(directory, arguments));
	}

	/** Starts the one jar that {@code mvn package} makes, and waits until it serves. */
	static SampleProcess startPackaged(Path directory, String... arguments) {
		return serving(launch(directory, command("sample.packaged", arguments)));
	}

	/** Starts a command in its directory, with nothing but the given environment. */
	static SampleProcess start(Path directory, List<String> command, Map<String, String> environment) {
		return serving(launch(directory, command, environment));
	}

	private static SampleProcess serving(SampleProcess sample) {
		try {
			await().atMost(PATIENCE).until(() -> sample.finds(STARTED) || !sample.process.isAlive());
			assertThat(sample.process.isAlive()).as("the sample serves; its log: %s", sample.log()).isTrue();
			return sample;
		}
		catch (Throwable ex) {
			sample.close();
			throw ex;
		}
	}

	/**
	 * Starts the application without waiting.
	 */
	static SampleProcess launch(Path directory, String... arguments) {
		return launch(directory, command("sample.jar", arguments));
	}

	private static SampleProcess launch(Path directory, List<String> command) {
		return launch(directory, command, System.getenv());
	}

	private static SampleProcess launch(Path directory, List<String> command, Map<String, String> environment) {
		try {
			Path log = Files.createTempFile(directory, "sample", ".log");
			ProcessBuilder builder = new ProcessBuilder(command);
			builder.environment().keySet().retainAll(environment.keySet());
			builder.environment().putAll(environment);
			builder.directory(directory.toFile());
			builder.redirectErrorStream(true);
			builder.redirectOutput(log.toFile());
			return new SampleProcess(builder.start(), log);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** An argument that begins with -X is one for the JVM, after our own. */
	private static List<String> command(String jar, String... arguments) {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		// starts sooner, which is what a test waits for
		command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
		// what the tests count is what they send; an argument turns it on again
		command.addAll(List.of("-Dobservatory.storage.capture.logback.enabled=false",
				"-Dobservatory.storage.capture.micrometer.enabled=false"));
		command.addAll(List.of("-Xmx512m", "-XX:+ExitOnOutOfMemoryError"));
		command.addAll(Arrays.stream(arguments).filter((argument) -> argument.startsWith("-X")).toList());
		command.addAll(List.of("-Dobservatory.storage.layout=" + TestDatabase.LAYOUT, "-Dsample.grpc.port=0",
				"-Duser.timezone=America/St_Johns", "-jar",
				Path.of(System.getProperty(jar)).toAbsolutePath().toString(), "--server.port=0"));
		command.addAll(Arrays.stream(arguments).filter((argument) -> !argument.startsWith("-X")).toList());
		return command;
	}

	private boolean finds(Pattern pattern) {
		return pattern.matcher(log()).find();
	}

	/**
	 * Returns what the application has logged.
	 */
	String log() {
		try {
			return Files.readString(this.log);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Returns the first match of a pattern's first group in the log.
	 */
	String logged(String pattern) {
		Matcher matcher = Pattern.compile(pattern).matcher(log());
		assertThat(matcher.find()).as("%s is found in %s", pattern, log()).isTrue();
		return matcher.group(1);
	}

	URI uri(String path) {
		return URI.create("http://127.0.0.1:" + logged(PORT.pattern()) + path);
	}

	/** Returns how much CPU the process has used. */
	Duration cpu() {
		return this.process.info().totalCpuDuration().orElseThrow();
	}

	int grpcPort() {
		return Integer.parseInt(logged(GRPC_PORT.pattern()));
	}

	HttpRequest.Builder request(String path) {
		return HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(60));
	}

	HttpResponse<byte[]> send(HttpRequest.Builder request) {
		try {
			return this.client.send(request.build(), BodyHandlers.ofByteArray());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	HttpResponse<byte[]> post(String path, String contentType, byte[] body) {
		return send(request(path).header("Content-Type", contentType).POST(BodyPublishers.ofByteArray(body)));
	}

	JsonNode get(String path) {
		HttpResponse<byte[]> response = send(request(path).GET());
		assertThat(response.statusCode()).as("GET %s", path).isEqualTo(200);
		return JsonMapper.shared().readTree(response.body());
	}

	/**
	 * Has all writers store what they were given.
	 */
	void flush() {
		HttpResponse<byte[]> response = post("/actuator/observatory", "application/json", "{}".getBytes());
		assertThat(response.statusCode()).as("flush: %s", new String(response.body())).isBetween(200, 299);
		// a flush that failed is in the answer
		assertThat(new String(response.body())).doesNotContain("\"retryable\"");
	}

	/**
	 * Asks the process to end (SIGTERM) and waits until it has.
	 * @return its exit code
	 */
	int terminate() {
		this.process.destroy();
		return awaitExit();
	}

	/**
	 * Kills the process (SIGKILL).
	 */
	void kill() {
		this.process.destroyForcibly();
		awaitExit();
	}

	int awaitExit() {
		try {
			assertThat(this.process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
				.as("the sample ends; its log: %s", log())
				.isTrue();
			return this.process.exitValue();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Ends the process, gently at first, so that its database ends too.
	 */
	@Override
	public void close() {
		this.process.destroy();
		try {
			if (!this.process.waitFor(60, TimeUnit.SECONDS)) {
				kill();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			this.process.destroyForcibly();
		}
	}

}
