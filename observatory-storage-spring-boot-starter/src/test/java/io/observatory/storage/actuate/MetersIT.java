package io.observatory.storage.actuate;

import java.util.List;
import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.observatory.storage.config.StoragePool;
import io.observatory.storage.error.InvalidRecordException;
import io.observatory.storage.model.LogRecord;
import io.observatory.storage.testing.App;
import io.observatory.storage.testing.Logs;
import io.observatory.storage.testing.Postgres;
import io.observatory.storage.writer.LogWriter;
import org.junit.jupiter.api.Test;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The meters, in the registry of a running application.
 */
class MetersIT {

	@Test
	void countersGaugesAndTimersShowWhatTheWriterCounts() {
		String database = Postgres.migratedDatabase();
		try (ConfigurableApplicationContext context = App.onSharedDataSource(Postgres.url(database))
			.with(Registry.class)
			.with("observatory.storage.logs.flush-interval", "1h")
			.run()) {
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			LogWriter writer = context.getBean(LogWriter.class);
			List<LogRecord> logs = Logs.logs(10);
			writer.writeLogs(logs);
			assertThat(gauge(registry, "observatory.storage.buffer.rows")).isEqualTo(10);
			assertThat(gauge(registry, "observatory.storage.buffer.bytes")).isPositive();
			writer.flush();
			assertThatExceptionOfType(InvalidRecordException.class).isThrownBy(() -> writer
				.writeLog(LogRecord.builder().timestamp(java.time.Instant.now()).serviceName("x".repeat(300)).build()));
			assertThat(records(registry, "accepted")).isEqualTo(10);
			assertThat(records(registry, "stored")).isEqualTo(10);
			assertThat(records(registry, "refused")).isOne();
			assertThat(records(registry, "dead_lettered")).isZero();
			assertThat(records(registry, "dropped")).isZero();
			assertThat(registry.get("observatory.storage.dropped")
				.tag("writer", "logs")
				.tag("reason", "expired")
				.functionCounter()
				.count()).isZero();
			assertThat(gauge(registry, "observatory.storage.buffer.rows")).isZero();
			assertThat(registry.get("observatory.storage.flush").tag("writer", "logs").functionTimer().count())
				.isPositive();
			assertThat(registry.get("observatory.storage.flush.latency")
				.tag("writer", "logs")
				.tag("quantile", "0.99")
				.timeGauge()
				.value(TimeUnit.MICROSECONDS)).isPositive();
			assertThat(registry.find("observatory.storage.records").functionCounters()).hasSize(3 * 5);
			Logs.assertStored(Postgres.jdbc(database), writer, logs);
		}
	}

	@Test
	void ownPoolHasItsMetersBesideTheApplications() {
		try (ConfigurableApplicationContext context = App.onOwnPool(Postgres.url(Postgres.migratedDatabase()))
			.with(Registry.class)
			.run()) {
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			assertThat(registry.get("hikaricp.connections.max").tag("pool", StoragePool.NAME).gauge().value())
				.isEqualTo(20);
			assertThat(registry.find("hikaricp.connections.max").gauges()).hasSize(2);
		}
	}

	private static double records(MeterRegistry registry, String outcome) {
		return registry.get("observatory.storage.records")
			.tag("writer", "logs")
			.tag("outcome", outcome)
			.functionCounter()
			.count();
	}

	private static double gauge(MeterRegistry registry, String name) {
		return registry.get(name).tag("writer", "logs").gauge().value();
	}

	@Configuration(proxyBeanMethods = false)
	static class Registry {

		@Bean
		SimpleMeterRegistry simpleMeterRegistry() {
			return new SimpleMeterRegistry();
		}

	}

}
