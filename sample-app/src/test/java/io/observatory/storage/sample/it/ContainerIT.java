package io.observatory.storage.sample.it;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The Dockerfile and compose.yaml: what they name exists, and the application starts from
 * the layers and with the environment that they give it.
 */
class ContainerIT {

	private static final Path CONTEXT = Path.of("").toAbsolutePath();

	private static final String PORTS = "4317 4318";

	/** On the file system of the jar, for links to it. */
	@TempDir(factory = InTarget.class)
	private static Path directory;

	private static ContainerImage image;

	private static Map<String, Object> sample;

	private static Map<String, Object> database;

	@BeforeAll
	static void read() throws Exception {
		image = ContainerImage.build(CONTEXT, directory);
		Map<String, Object> services = section(new Yaml().load(Files.readString(CONTEXT.resolve("compose.yaml"))),
				"services");
		sample = section(services, "sample");
		database = section(services, "database");
	}

	@SuppressWarnings("unchecked")
	private static Map<String, Object> section(Map<String, Object> yaml, String name) {
		return (Map<String, Object>) yaml.get(name);
	}

	private static Map<String, String> environment(Map<String, Object> service) {
		Map<String, String> environment = new HashMap<>();
		section(service, "environment").forEach((name, value) -> environment.put(name, String.valueOf(value)));
		return environment;
	}

	@Test
	void itStartsFromItsLayersAndAsksForThePasswordAndTheToken() {
		Map<String, String> environment = new HashMap<>(image.environment());
		environment.putAll(environment(sample));
		environment.put("SPRING_DATASOURCE_URL", TestDatabase.create().url());
		environment.keySet().removeAll(Set.of("SPRING_DATASOURCE_USERNAME", "SPRING_DATASOURCE_PASSWORD"));
		environment.put("SAMPLE_PAGES_PASSWORD", "password");
		environment.put("SAMPLE_INTAKE_TOKEN", "token");
		// free ports, and a heap for this machine
		environment.putAll(Map.of("SERVER_PORT", "0", "SAMPLE_GRPC_PORT", "0", "JAVA_TOOL_OPTIONS",
				"-Xmx256m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC"));
		try (SampleProcess process = SampleProcess.start(image.workDirectory(), image.command(), environment)) {
			assertThat(process.send(process.request("/actuator/health").GET()).statusCode()).isEqualTo(401);
			HttpRequest.Builder asked = process.request("/actuator/health")
				.header("Authorization",
						"Basic " + Base64.getEncoder().encodeToString(":password".getBytes(StandardCharsets.UTF_8)));
			assertThat(process.send(asked.GET()).statusCode()).isEqualTo(200);
			assertThat(process.post("/v1/logs", "application/json", "{}".getBytes(StandardCharsets.UTF_8)).statusCode())
				.isEqualTo(401);
		}
	}

	@Test
	void everyVariableSetsAPropertyThatThereIs() throws IOException {
		Set<String> known = properties();
		Set<String> variables = new HashSet<>(image.environment().keySet());
		variables.addAll(environment(sample).keySet());
		variables.remove("HEALTH");
		assertThat(known).containsAll(variables);
	}

	/** As environment variables, by the configuration metadata of all libraries. */
	private static Set<String> properties() throws IOException {
		Set<String> properties = new HashSet<>();
		for (URL metadata : Collections
			.list(ContainerIT.class.getClassLoader().getResources("META-INF/spring-configuration-metadata.json"))) {
			try (InputStream json = metadata.openStream()) {
				for (JsonNode property : JsonMapper.shared().readTree(json).get("properties")) {
					properties.add(property.get("name")
						.asString()
						.replace('.', '_')
						.replace("-", "")
						.toUpperCase(Locale.ROOT));
				}
			}
		}
		return properties;
	}

	@Test
	void portsAreThoseOfTheApplication() throws IOException {
		Map<String, Object> defaults = new Yaml().load(Files.readString(Path.of("src/main/resources/application.yml")));
		assertThat(image.instruction("EXPOSE")).isEqualTo(PORTS);
		assertThat(sample.get("ports")).isEqualTo(List.of("4317:4317", "4318:4318"));
		assertThat(section(defaults, "server")).containsEntry("port", 4318);
		assertThat(image.environment().get("HEALTH")).isEqualTo("http://127.0.0.1:4318/actuator/health");
	}

	@Test
	void itRunsWithoutRightsOnAReadOnlyFileSystem() {
		assertThat(image.instruction("USER")).isEqualTo("10001:10001");
		assertThat(sample).containsEntry("read_only", true)
			.containsEntry("cap_drop", List.of("ALL"))
			.containsEntry("security_opt", List.of("no-new-privileges:true"))
			.containsEntry("tmpfs", List.of("/tmp"));
		assertThat(image.instruction("HEALTHCHECK")).contains("CMD curl --fail", "$SAMPLE_PAGES_PASSWORD", "$HEALTH");
	}

	@Test
	void itWaitsForItsDatabaseAndBothHaveTheSameCredentials() {
		assertThat(section(section(sample, "depends_on"), "database")).containsEntry("condition", "service_healthy");
		assertThat(database).containsKey("healthcheck");
		Map<String, String> server = environment(database);
		Map<String, String> client = environment(sample);
		assertThat(client).containsEntry("SPRING_DATASOURCE_USERNAME", server.get("POSTGRES_USER"))
			.containsEntry("SPRING_DATASOURCE_PASSWORD", server.get("POSTGRES_PASSWORD"))
			.containsEntry("SPRING_DATASOURCE_URL", "jdbc:postgresql://database/" + server.get("POSTGRES_DB"));
	}

	@Test
	void noSecretIsInTheFiles() throws IOException {
		assertThat(Stream.of(environment(sample), environment(database))
			.flatMap((environment) -> environment.entrySet().stream())
			.filter((variable) -> variable.getKey().matches(".*(PASSWORD|TOKEN)"))).hasSize(4)
			.allSatisfy(
					(variable) -> assertThat(variable.getValue()).matches("\\$\\{[A-Z_]+:\\?is not set in \\.env}"));
		assertThat(Files.readString(CONTEXT.resolve(".dockerignore"))).startsWith("*\n");
	}

}
