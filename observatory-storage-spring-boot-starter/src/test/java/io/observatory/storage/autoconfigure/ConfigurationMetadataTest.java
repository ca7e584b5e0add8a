package io.observatory.storage.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

import io.observatory.storage.config.WriterConfig;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The metadata that an IDE shows, and the table in docs/configuration.md made of it.
 * After a change of the properties:
 * {@code mvn test -Dtest=ConfigurationMetadataTest -Ddocs.write}.
 */
class ConfigurationMetadataTest {

	private static final Path PAGE = Path.of("..", "docs", "configuration.md");

	private final JsonNode properties = read();

	@Test
	void everyPropertyHasADescription() {
		assertThat(this.properties).isNotEmpty()
			.allSatisfy((property) -> assertThat(property.path("description").asString("")).as("%s", property)
				.isNotBlank());
	}

	@Test
	void batchSizesAreThoseOfTheWriters() {
		assertThat(find("observatory.storage.logs.batch-size").path("defaultValue").asInt())
			.isEqualTo(WriterConfig.DEFAULT_LOG_BATCH_SIZE);
		assertThat(find("observatory.storage.metrics.batch-size").path("defaultValue").asInt())
			.isEqualTo(WriterConfig.DEFAULT_METRIC_BATCH_SIZE);
		assertThat(find("observatory.storage.traces.batch-size").path("defaultValue").asInt())
			.isEqualTo(WriterConfig.DEFAULT_TRACE_BATCH_SIZE);
	}

	@Test
	void pageListsEveryProperty() throws IOException {
		String page = Files.readString(PAGE);
		int start = page.indexOf("| property |");
		int end = page.indexOf("\n\n", start);
		if (System.getProperty("docs.write") != null) {
			Files.writeString(PAGE, page.substring(0, start) + table() + page.substring(end));
			return;
		}
		assertThat(page.substring(start, end)).isEqualTo(table());
	}

	private String table() {
		StringBuilder table = new StringBuilder("| property | default | meaning |\n|---|---|---|");
		for (JsonNode property : this.properties) {
			String value = property.path("defaultValue").asString("");
			table.append(String.format(Locale.ROOT, "%n| `%s` | %s | %s |", property.path("name").asString(),
					value.isEmpty() ? "" : "`" + value + "`", property.path("description").asString()));
		}
		return table.toString();
	}

	private JsonNode find(String name) {
		for (JsonNode property : this.properties) {
			if (property.path("name").asString().equals(name)) {
				return property;
			}
		}
		throw new AssertionError(name);
	}

	private static JsonNode read() {
		String resource = "/META-INF/spring-configuration-metadata.json";
		try (InputStream metadata = ConfigurationMetadataTest.class.getResourceAsStream(resource)) {
			return JsonMapper.shared().readTree(metadata).path("properties");
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
	}

}
