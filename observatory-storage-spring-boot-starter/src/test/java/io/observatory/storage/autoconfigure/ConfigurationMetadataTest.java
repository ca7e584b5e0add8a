package io.observatory.storage.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.observatory.storage.config.WriterConfig;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.util.ClassUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The metadata that an IDE shows, and the tables in docs/configuration.md made of it.
 * {@code mvn test -Dtest=ConfigurationMetadataTest -Ddocs.write} brings the rows of the
 * page up to date; the row of a new property needs its name there first.
 */
class ConfigurationMetadataTest {

	private static final String PREFIX = StorageProperties.PREFIX + ".";

	private static final String WRITER = "observatory\\.storage\\.(logs|metrics|traces)\\.";

	private static final Path PAGE = Path.of("..", "docs", "configuration.md");

	private final JsonNode metadata = read();

	private final JsonNode properties = this.metadata.path("properties");

	@Test
	void everyPropertyHasADescription() {
		assertThat(this.properties).isNotEmpty()
			.allSatisfy((property) -> assertThat(property.path("description").asString("")).as("%s", property)
				.isNotBlank());
	}

	@Test
	void everyPropertyWithFixedValuesSaysWhatTheyMean() throws ClassNotFoundException {
		Map<String, Set<String>> expected = new HashMap<>();
		for (JsonNode property : this.properties) {
			Class<?> type = ClassUtils.forName(elementType(property), getClass().getClassLoader());
			if (type.isEnum() && property.path("name").asString().startsWith(PREFIX)) {
				expected.put(property.path("name").asString(), names(type));
			}
		}
		assertThat(expected).hasSizeGreaterThan(4);
		Map<String, Set<String>> described = new HashMap<>();
		for (JsonNode hint : this.metadata.path("hints")) {
			described.put(hint.path("name").asString(),
					hint.path("values")
						.valueStream()
						.filter((value) -> !value.path("description").asString("").isBlank())
						.map((value) -> value.path("value").asString())
						.collect(Collectors.toSet()));
		}
		assertThat(described).isEqualTo(expected);
	}

	/** The type of what a list or set has, or of the property itself. */
	private static String elementType(JsonNode property) {
		String type = property.path("type").asString();
		return type.replaceFirst("^java\\.util\\.(?:Set|List)<(.*)>$", "$1").replaceFirst("<.*", "");
	}

	private static Set<String> names(Class<?> type) {
		return Arrays.stream(type.getEnumConstants())
			.map((constant) -> constant.toString().toLowerCase(Locale.ROOT).replace('_', '-'))
			.collect(Collectors.toSet());
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
		List<String> page = Files.readAllLines(PAGE);
		Map<String, String> rows = rows();
		if (System.getProperty("docs.write") != null) {
			Files.write(PAGE, page.stream().map((line) -> rows.getOrDefault(name(line), line)).toList());
			return;
		}
		assertThat(properties(page)).containsExactlyInAnyOrderElementsOf(rows.values());
	}

	/** The rows of the tables that have a column "property". */
	private static List<String> properties(List<String> page) {
		List<String> rows = new ArrayList<>();
		boolean inTable = false;
		for (String line : page) {
			inTable = line.startsWith("| property |") || (inTable && line.startsWith("|"));
			if (inTable && line.startsWith("| `")) {
				rows.add(line);
			}
		}
		return rows;
	}

	/** What the page says of each property; once for the three writers. */
	private Map<String, String> rows() {
		Map<String, String> rows = new LinkedHashMap<>();
		for (JsonNode property : this.properties) {
			String name = property.path("name").asString();
			boolean ofWriter = name.matches(WRITER + ".*");
			String row = "| `%s` |%s %s |".formatted(
					ofWriter ? name.replaceFirst(WRITER, "<writer>.") : shortName(name),
					ofWriter ? defaultsOfWriters(name.replaceFirst(WRITER, "")) : defaultValue(property),
					property.path("description").asString());
			rows.put(name(row), row);
		}
		return rows;
	}

	private String defaultsOfWriters(String name) {
		return Stream.of("logs", "metrics", "traces")
			.map((writer) -> defaultValue(find(PREFIX + writer + "." + name)))
			.collect(Collectors.joining());
	}

	private static String defaultValue(JsonNode property) {
		String value = property.path("defaultValue").asString("");
		return value.isEmpty() ? " |" : " `" + value + "` |";
	}

	private static String shortName(String name) {
		return name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name;
	}

	private static String name(String row) {
		return row.startsWith("| `") ? row.substring(0, row.indexOf('`', 3)) : "";
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
			return JsonMapper.shared().readTree(metadata);
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
	}

}
