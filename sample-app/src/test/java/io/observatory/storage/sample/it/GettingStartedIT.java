package io.observatory.storage.sample.it;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * docs/getting-started.md to the letter: its files are written, its commands run, and
 * what it promises is looked for. Addresses are replaced, the model is made up, and the
 * sample is started by its jar. The released libraries come from the folder that
 * {@code -Prelease} has made, and from nowhere else. {@code release.spring-boot} and
 * {@code release.spring-ai} are other versions than the text has.
 */
@EnabledIfSystemProperty(named = "release.repository", matches = ".+",
		disabledReason = "mvn -Prelease-check runs it after a release")
class GettingStartedIT {

	private static final Pattern BLOCK = Pattern.compile("^```\\w+ (\\S+)\n(.*?)^```$",
			Pattern.MULTILINE | Pattern.DOTALL);

	private static final Pattern ARGUMENTS = Pattern.compile("-Dspring-boot.run.arguments=\"(.*)\"");

	private static final String ANSWER = """
			{"id": "1", "object": "chat.completion", "created": 1700000000, "model": "gpt-4o-2024-08-06",
			 "choices": [{"index": 0, "logprobs": null, "finish_reason": "stop",
			   "message": {"role": "assistant", "refusal": null, "content": "Rubber boots."}}],
			 "usage": {"prompt_tokens": 6, "completion_tokens": 3, "total_tokens": 9}}
			""";

	@TempDir
	Path directory;

	private final Map<String, String> text = new LinkedHashMap<>();

	private final Map<String, String> environment = new HashMap<>();

	@Test
	void theTextLeadsToAConversationOnThePage() throws Exception {
		TestDatabase server = TestDatabase.create();
		HttpServer model = model();
		int port = freePort();
		this.environment.putAll(Map.of("OPENAI_API_KEY", "none", "SERVER_PORT", String.valueOf(port),
				"SPRING_AI_OPENAI_BASE_URL", "http://localhost:" + model.getAddress().getPort() + "/v1", "MAVEN_OPTS",
				"-Dmaven.repo.local=" + withoutOurs()));
		read(Path.of("..", "docs", "getting-started.md"), server, port);
		this.text.get("database").lines().forEach(server.jdbc()::execute);
		writeFiles();
		run("build");
		Process shop = start("run");
		try {
			await().atMost(Duration.ofMinutes(2)).until(() -> log("run").contains("Started ShopApplication"));
			run("ask");
			assertThat(log("ask")).isEqualTo("Rubber boots.");
			run("order");
			assertThat(log("order")).isEqualTo("accepted");
			assertPage();
			TestDatabase database = TestDatabase.at(server.url().replaceFirst("/it_\\d+", "/shop"));
			assertUsage(database);
			assertRecords(database);
		}
		finally {
			shop.destroy();
			model.stop(0);
			assertThat(shop.waitFor(1, TimeUnit.MINUTES)).isTrue();
		}
	}

	private void writeFiles() throws IOException {
		for (String file : this.text.keySet().stream().filter((name) -> name.contains(".")).toList()) {
			Path target = this.directory.resolve(file);
			Files.createDirectories(target.getParent());
			Files.writeString(target, this.text.get(file));
		}
	}

	private void assertUsage(TestDatabase database) {
		assertThat(database.jdbc().queryForMap(this.text.get("first-calls").replace(";", "")))
			.containsEntry("model", "gpt-4o-2024-08-06")
			.containsEntry("calls", 1L);
	}

	private static void assertRecords(TestDatabase database) {
		for (String stored : List.of("logs WHERE body = 'Order accepted'", "trace_spans WHERE name = 'accept order'",
				"metric_data_points JOIN observatory.metrics m ON m.id = metric_id WHERE name = 'shop.items.ordered'")) {
			await().atMost(Duration.ofSeconds(30))
				.untilAsserted(() -> assertThat(
						database.jdbc().queryForList("SELECT 1 FROM observatory." + stored, Integer.class))
					.as(stored)
					.hasSize(1));
		}
	}

	private void assertPage() {
		Matcher arguments = ARGUMENTS.matcher(this.text.get("pages"));
		assertThat(arguments.find()).isTrue();
		try (SampleProcess sample = SampleProcess.start(this.directory, arguments.group(1).split(" "))) {
			await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
				String page = new String(sample.send(sample.request("/conversations/first").GET()).body(),
						StandardCharsets.UTF_8);
				assertThat(page).contains("Which shoes for rain?", "Rubber boots.");
			});
		}
	}

	/** The blocks that have a name, with the addresses of this test. */
	private void read(Path page, TestDatabase server, int port) throws IOException {
		Matcher block = BLOCK.matcher(Files.readString(page));
		while (block.find()) {
			this.text.put(block.group(1), block.group(2)
				.replace("localhost:5432", server.url().replaceFirst(".*//([^/]+)/.*", "$1"))
				.replace("localhost:8080", "localhost:" + port)
				.replace("<version>4.1.1</version>",
						"<version>" + System.getProperty("release.spring-boot", "4.1.1") + "</version>")
				.replace("<spring-ai.version>2.0.1<",
						"<spring-ai.version>" + System.getProperty("release.spring-ai", "2.0.1") + "<")
				.replace("/home/you/observatory-storage/target/release", System.getProperty("release.repository")));
		}
	}

	private void run(String command) throws IOException, InterruptedException {
		Process process = start(command);
		assertThat(process.waitFor(5, TimeUnit.MINUTES)).as(command).isTrue();
		assertThat(process.exitValue()).as(log(command)).isZero();
	}

	private Process start(String command) throws IOException {
		ProcessBuilder builder = new ProcessBuilder("bash", "-c", "exec " + this.text.get(command));
		builder.environment().putAll(this.environment);
		return builder.directory(this.directory.toFile())
			.redirectErrorStream(true)
			.redirectOutput(this.directory.resolve(command + ".log").toFile())
			.start();
	}

	private String log(String command) throws IOException {
		return Files.readString(this.directory.resolve(command + ".log"));
	}

	/**
	 * Everything that Maven has on this machine already, by links, except our libraries.
	 */
	private static Path withoutOurs() throws IOException {
		Path all = Path.of(System.getProperty("maven.repository"));
		Path linked = Path.of("target", "repository-without-ours").toAbsolutePath();
		FileSystemUtils.deleteRecursively(linked.resolve("io").resolve("observatory"));
		link(all, linked, "io");
		link(all.resolve("io"), linked.resolve("io"), "observatory");
		return linked;
	}

	private static void link(Path from, Path to, String except) throws IOException {
		Files.createDirectories(to);
		try (Stream<Path> entries = Files.list(from)) {
			for (Path entry : entries.filter((path) -> !path.endsWith(except)).toList()) {
				Path link = to.resolve(entry.getFileName());
				if (!Files.exists(link)) {
					Files.createSymbolicLink(link, entry);
				}
			}
		}
	}

	private static HttpServer model() throws IOException {
		HttpServer server = HttpServer.create(new InetSocketAddress("localhost", 0), 0);
		server.createContext("/v1/chat/completions", (exchange) -> {
			try (exchange) {
				exchange.getRequestBody().readAllBytes();
				byte[] answer = ANSWER.getBytes(StandardCharsets.UTF_8);
				exchange.getResponseHeaders().set("Content-Type", "application/json");
				exchange.sendResponseHeaders(200, answer.length);
				exchange.getResponseBody().write(answer);
			}
		});
		server.start();
		return server;
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0)) {
			return socket.getLocalPort();
		}
	}

}
