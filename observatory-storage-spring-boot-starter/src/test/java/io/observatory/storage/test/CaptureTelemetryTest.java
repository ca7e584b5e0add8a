package io.observatory.storage.test;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.observatory.storage.model.LogRecord;
import io.observatory.storage.model.TraceSpan;
import io.observatory.storage.writer.LogWriter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.session.jdbc.autoconfigure.JdbcSessionAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.annotation.DirtiesContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a test of an application sees of its telemetry. Nobody listens where its database
 * is.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.NONE,
		properties = { "spring.datasource.url=jdbc:postgresql://localhost:1/shop", "spring.flyway.enabled=false",
				"management.tracing.sampling.probability=1", "management.otlp.metrics.export.enabled=false" })
@CaptureTelemetry
@ExtendWith(OutputCaptureExtension.class)
@DirtiesContext // its hooks are the whole process's
class CaptureTelemetryTest {

	private static final Logger logger = LoggerFactory.getLogger("shop.Orders");

	@Autowired
	private CapturedTelemetry telemetry;

	@Autowired
	private LogWriter logs;

	@Autowired
	private ObservationRegistry observations;

	@Autowired
	private ChatClient.Builder chat;

	@BeforeEach
	void forget() {
		this.telemetry.clear();
	}

	@Test
	void aSpanIsThereAtOnceAlthoughTheTracerHoldsIt() {
		Observation.createNotStarted("order", this.observations).observe(() -> logger.warn("accepted"));
		assertThat(this.telemetry.spans()).singleElement().extracting(TraceSpan::name).isEqualTo("order");
		assertThat(this.telemetry.logs()).singleElement().satisfies((log) -> {
			assertThat(log.body()).isEqualTo("accepted");
			assertThat(log.spanId()).isEqualTo(this.telemetry.spans().get(0).spanId());
		});
	}

	@Test
	void aCallOfAModelIsOneSpan() {
		assertThat(this.chat.build().prompt("Which shoes?").call().content()).isEqualTo("Boots.");
		assertThat(this.telemetry.spans()).extracting(TraceSpan::name).containsOnlyOnce("spring_ai chat_client");
	}

	@Test
	void secretsAreMaskedAsInTheDatabase() {
		this.logs.writeLog(LogRecord.builder()
			.timestamp(Instant.now())
			.serviceName("shop")
			.body("order")
			.attributes(Map.of("password", "hunter2"))
			.build());
		assertThat(this.telemetry.logs()).singleElement()
			.satisfies((log) -> assertThat(log.attributes().toString()).doesNotContain("hunter2"));
	}

	/** What was not stored, as there is nowhere to, is not reported as lost. */
	@Test
	void anApplicationThatEndsReportsNoError(CapturedOutput output) {
		try (ConfigurableApplicationContext other = new SpringApplicationBuilder(Shop.class, Captured.class)
			.web(WebApplicationType.NONE)
			.properties("spring.datasource.url=jdbc:postgresql://localhost:1/shop", "spring.flyway.enabled=false",
					"management.otlp.metrics.export.enabled=false")
			.run()) {
			other.getBean(LogWriter.class)
				.writeLog(LogRecord.builder().timestamp(Instant.now()).serviceName("shop").body("order").build());
			assertThat(other.getBean(CapturedTelemetry.class).logs()).isNotEmpty();
		}
		assertThat(output).doesNotContain("ERROR");
	}

	@CaptureTelemetry
	@Configuration(proxyBeanMethods = false)
	static class Captured {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration(exclude = JdbcSessionAutoConfiguration.class)
	static class Shop {

		@Bean
		ChatModel chatModel() {
			return (prompt) -> new ChatResponse(List.of(new Generation(new AssistantMessage("Boots."))));
		}

	}

}
