package io.observatory.storage.capture;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.observatory.storage.capture.logback.LogbackCapture;
import io.observatory.storage.testing.App;
import io.observatory.storage.testing.Postgres;
import io.observatory.storage.testing.Rows;
import io.observatory.storage.writer.LogWriter;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.instrumentation.logback.appender.v1_0.OpenTelemetryAppender;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Log lines that OpenTelemetry's own Logback appender exports are stored once.
 */
class OneWriterIT {

	private static final Logger shop = LoggerFactory.getLogger("shop.Checkout");

	private final String database = Postgres.migratedDatabase();

	private App app() {
		return App.onSharedDataSource(Postgres.url(this.database))
			.capturing("opentelemetry", "logback")
			.with("logging.config", "classpath:logback-opentelemetry.xml")
			.with(Installed.class);
	}

	private List<Map<String, Object>> lines(ConfigurableApplicationContext context) {
		assertThat(context.getBean(SdkLoggerProvider.class).forceFlush().join(30, TimeUnit.SECONDS).isSuccess())
			.isTrue();
		context.getBean(LogWriter.class).flush();
		return Rows.of(this.database, "SELECT body FROM observatory.logs WHERE scope_name = 'shop.Checkout'");
	}

	@Test
	void theCaptureOfLogbackIsOffWithOpenTelemetrysAppender() {
		try (ConfigurableApplicationContext context = app().run()) {
			assertThat(context.getBeanNamesForType(LogbackCapture.class)).isEmpty();
			shop.warn("once");
			assertThat(lines(context)).containsExactly(Map.of("body", "once"));
		}
	}

	@Test
	void itCanBeForcedOn() {
		try (ConfigurableApplicationContext context = app().with("observatory.storage.capture.logback.enabled", true)
			.run()) {
			shop.warn("twice");
			assertThat(lines(context)).containsExactly(Map.of("body", "twice"), Map.of("body", "twice"));
		}
	}

	@Test
	void itIsOnWhenTheExporterIsOff() {
		try (ConfigurableApplicationContext context = app()
			.with("observatory.storage.capture.opentelemetry.logs", false)
			.run()) {
			shop.warn("by Logback");
			assertThat(lines(context)).containsExactly(Map.of("body", "by Logback"));
		}
	}

	@Configuration(proxyBeanMethods = false)
	static class Installed {

		@Bean
		SmartInitializingSingleton appenderInstalled(OpenTelemetry openTelemetry) {
			return () -> OpenTelemetryAppender.install(openTelemetry);
		}

	}

}
