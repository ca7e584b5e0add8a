package io.observatory.storage.autoconfigure;

import java.util.List;
import java.util.Map;

import io.observatory.storage.writer.LogWriter;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurationImportSelector;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.annotation.AnnotationAttributes;
import org.springframework.core.type.AnnotationMetadata;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an application does not have on its class path it does not miss.
 */
class OptionalLibrariesTest {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withUserConfiguration(AutoConfigured.class)
		.withPropertyValues("observatory.storage.datasource.url=jdbc:postgresql://localhost:1/app?user=app",
				"observatory.storage.datasource.connection-timeout=250ms",
				"observatory.storage.migration.enabled=false", "observatory.storage.partitions.enabled=false");

	@Test
	void withoutActuatorAndMicrometer() {
		this.runner
			.withClassLoader(new FilteredClassLoader("org.springframework.boot.actuate", "io.micrometer",
					"org.springframework.boot.health", "org.springframework.boot.micrometer"))
			.run((context) -> {
				assertThat(context).hasNotFailed().hasSingleBean(LogWriter.class);
				assertThat(context.getBeanDefinitionNames()).noneMatch((name) -> name.startsWith("observatory")
						&& (name.contains("Endpoint") || name.contains("Health") || name.contains("Metrics")));
			});
	}

	@Test
	void withoutMicrometer() {
		this.runner.withClassLoader(new FilteredClassLoader("io.micrometer", "org.springframework.boot.micrometer"))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasBean("observatoryHealthIndicator")
				.doesNotHaveBean("observatoryWriterMetrics"));
	}

	@Test
	void withoutHealth() {
		this.runner.withClassLoader(new FilteredClassLoader("org.springframework.boot.health"))
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean("observatoryHealthIndicator")
				.hasBean("observatoryWriterMetrics"));
	}

	@Test
	void withoutOpenTelemetry() {
		this.runner.withClassLoader(new FilteredClassLoader("io.opentelemetry", "io.micrometer.tracing"))
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean("observatorySpanExporter")
				.doesNotHaveBean("observatoryWorkIsNotSampled")
				.hasBean("observatoryLogbackCapture"));
	}

	@Test
	void withoutBootsOpenTelemetry() {
		this.runner
			.withClassLoader(new FilteredClassLoader("org.springframework.boot.opentelemetry",
					"org.springframework.boot.micrometer.tracing"))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasBean("observatorySpanExporter")
				.doesNotHaveBean("observatoryWorkIsNotSampled"));
	}

	@Test
	void withoutLogback() {
		this.runner.withClassLoader(new FilteredClassLoader("ch.qos.logback"))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("observatoryLogbackCapture"));
	}

	@Test
	void withoutServlets() {
		this.runner.withClassLoader(new FilteredClassLoader("jakarta.servlet", "org.springframework.web"))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasBean("observatoryWorkIsNotObserved")
				.doesNotHaveBean("observatoryEndpointIsNotObserved"));
	}

	@Test
	void healthCanBeSwitchedOff() {
		this.runner.withPropertyValues("management.health.observatory.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("observatoryHealthIndicator"));
	}

	@Test
	void endpointIsThereOnlyWhenItIsExposed() {
		this.runner.run((context) -> assertThat(context).doesNotHaveBean("observatoryEndpoint"));
		this.runner.withPropertyValues("management.endpoints.web.exposure.include=observatory")
			.run((context) -> assertThat(context).hasBean("observatoryEndpoint"));
	}

	@Configuration(proxyBeanMethods = false)
	@Import(OurAutoConfigurations.class)
	static class AutoConfigured {

	}

	/**
	 * Our auto-configurations as auto-configuration takes them: filtered by their
	 * conditions on classes before any is loaded.
	 */
	static class OurAutoConfigurations extends AutoConfigurationImportSelector {

		@Override
		protected AnnotationAttributes getAttributes(AnnotationMetadata metadata) {
			return new AnnotationAttributes(Map.of("exclude", new String[0], "excludeName", new String[0]));
		}

		@Override
		protected List<String> getCandidateConfigurations(AnnotationMetadata metadata,
				AnnotationAttributes attributes) {
			return super.getCandidateConfigurations(metadata, attributes).stream()
				.filter((name) -> name.startsWith("io.observatory."))
				.toList();
		}

	}

}
