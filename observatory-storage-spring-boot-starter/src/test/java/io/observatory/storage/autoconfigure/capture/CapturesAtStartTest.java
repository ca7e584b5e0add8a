package io.observatory.storage.autoconfigure.capture;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.observatory.storage.test.CaptureTelemetry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.session.jdbc.autoconfigure.JdbcSessionAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The line about captures, in an application with everything and in one with little.
 */
@ExtendWith(OutputCaptureExtension.class)
class CapturesAtStartTest {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withUserConfiguration(Everything.class)
		.withPropertyValues("spring.datasource.url=jdbc:h2:mem:captures", "spring.flyway.enabled=false",
				"management.otlp.metrics.export.enabled=false");

	private final Logger logger = (Logger) LoggerFactory.getLogger(CapturesAtStart.class);

	@BeforeEach
	void logInformation() {
		this.logger.setLevel(Level.INFO);
	}

	@AfterEach
	void logAsBefore() {
		this.logger.setLevel(null);
	}

	@Test
	void saysWhatIsOn(CapturedOutput output) {
		this.runner.run((context) -> assertThat(context).hasNotFailed());
		assertThat(output).contains("Captured: calls of Spring AI, spans of OpenTelemetry, "
				+ "log records of OpenTelemetry, meters of Micrometer, log lines of Logback. Not captured: nothing.");
	}

	@Test
	void saysWhyTheRestIsNot(CapturedOutput output) {
		this.runner.withClassLoader(new FilteredClassLoader("org.springframework.ai", "io.opentelemetry"))
			.withPropertyValues("observatory.storage.capture.logback.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(output).contains(
				"Captured: meters of Micrometer. Not captured: calls of Spring AI (needs a starter of a Spring AI model: ",
				"did not find required class", "spans of OpenTelemetry (needs spring-boot-starter-opentelemetry: ")
			.contains("log lines of Logback (", "observatory.storage.capture.logback.enabled is false)");
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration(exclude = JdbcSessionAutoConfiguration.class)
	@CaptureTelemetry
	static class Everything {

	}

}
