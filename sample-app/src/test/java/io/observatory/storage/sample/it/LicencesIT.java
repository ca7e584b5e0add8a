package io.observatory.storage.sample.it;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.core.io.ClassPathResource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Everything that the jars need has a licence that allows any use, by the jars' own bills
 * of materials. What has another one is named here.
 */
class LicencesIT {

	private static final Set<String> ALLOWED = Set.of("Apache-2.0", "MIT", "MIT-0", "0BSD", "BSD-2-Clause",
			"BSD-3-Clause");

	private static final Map<String, String> UNAVOIDABLE = Map.of(
			// the logging of Spring Boot
			"logback-classic", "EPL-2.0", "logback-core", "EPL-2.0",
			// interfaces of Jakarta EE, which Spring Boot and Tomcat bring
			"jakarta.annotation-api", "EPL-2.0", "jakarta.servlet-api", "EPL-2.0",
			// templates of Spring AI; BSD-3-Clause, which their poms do not say so that a
			// tool understands it
			"ST4", "BSD-4-Clause", "antlr-runtime", "BSD licence",
			// interfaces of Micrometer's tracing
			"aopalliance", "Public Domain");

	@ParameterizedTest
	@ValueSource(strings = { "application", "observatory-storage-core", "observatory-storage-spring-boot-starter" })
	void everyLibraryMayBeUsed(String bill) throws IOException {
		ClassPathResource file = new ClassPathResource("META-INF/sbom/" + bill + ".cdx.json");
		assumeTrue(file.exists(), "Maven makes no bill of materials offline");
		JsonNode components = read(file).get("components");
		assertThat(components).isNotEmpty();
		assertThat(components.valueStream().filter((component) -> !isAllowed(component)).map(LicencesIT::describe))
			.isEmpty();
	}

	private static boolean isAllowed(JsonNode component) {
		String unavoidable = UNAVOIDABLE.get(component.get("name").asString());
		return licences(component).anyMatch((licence) -> ALLOWED.contains(licence) || licence.equals(unavoidable));
	}

	private static String describe(JsonNode component) {
		return component.get("name").asString() + ": " + licences(component).toList();
	}

	private static Stream<String> licences(JsonNode component) {
		return component.path("licenses")
			.valueStream()
			.map((entry) -> entry.path("license"))
			.map((licence) -> licence.path("id").asString(licence.path("name").asString("")));
	}

	private static JsonNode read(ClassPathResource file) throws IOException {
		try (InputStream json = file.getInputStream()) {
			return JsonMapper.shared().readTree(json);
		}
	}

}
