package io.observatory.storage.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.observatory.storage.actuate.ObservatoryEndpoint;
import io.observatory.storage.model.LogRecord;
import io.observatory.storage.testing.App;
import io.observatory.storage.testing.Logs;
import io.observatory.storage.testing.Postgres;
import io.observatory.storage.testing.TcpProxy;
import io.observatory.storage.writer.LogWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * An application whose writers buffer on disk.
 */
@ExtendWith(OutputCaptureExtension.class)
class SpoolIT {

	@TempDir
	Path directory;

	@Test
	void whatAnApplicationWithoutItsDatabaseHasAcceptedIsStoredByTheNext(CapturedOutput output) throws IOException {
		String database = Postgres.emptyDatabase();
		List<LogRecord> logs = Logs.logs(100);
		try (TcpProxy closed = new TcpProxy(Postgres.port());
				ConfigurableApplicationContext context = app(Postgres.url(database, closed.port())).run()) {
			context.getBean(LogWriter.class).writeLogs(logs);
		}
		assertThat(output).contains("100 kept in " + this.directory);
		try (ConfigurableApplicationContext context = app(Postgres.url(database)).with(Registry.class).web().run()) {
			LogWriter writer = context.getBean(LogWriter.class);
			Logs.awaitStored(Postgres.jdbc(database), writer, logs);
			assertThat(writer.writeStats().recovered()).isEqualTo(100);
			ObservatoryEndpoint.WriterReport report = context.getBean(ObservatoryEndpoint.class)
				.storage()
				.writers()
				.get("logs");
			assertThat(report.spool()).isNotNull();
			assertThat(report.spool().rows()).isZero();
			assertThat(report.buffer().maxBytes()).isEqualTo(report.spool().maxBytes()).isEqualTo(64 << 20);
			assertThat(report.buffer().maxRows()).isNull();
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			assertThat(registry.get("observatory.storage.recovered").tag("writer", "logs").functionCounter().count())
				.isEqualTo(100);
			assertThat(registry.get("observatory.storage.spool.max").tag("writer", "logs").gauge().value())
				.isEqualTo(64 << 20);
			for (String name : List.of("disk", "growth", "oldest", "adopted")) {
				assertThat(registry.get("observatory.storage.spool." + name).gauges()).as(name).hasSize(3);
			}
		}
	}

	@ParameterizedTest
	@CsvSource({ "a-file/spool, 64MB, FileSystemException", ".,            900000000GB, in all" })
	void anApplicationDoesNotStartWithASpoolThatCannotBeUsed(String path, String maxBytes, String reason,
			CapturedOutput output) throws IOException {
		Files.writeString(this.directory.resolve("a-file"), "");
		Path spool = this.directory.resolve(path).normalize();
		assertThatThrownBy(() -> App.onSharedDataSource(Postgres.url(Postgres.migratedDatabase()))
			.with("observatory.storage.spool.directory", spool)
			.with("observatory.storage.spool.max-bytes", maxBytes)
			.run()).isNotNull();
		assertThat(output).contains("APPLICATION FAILED TO START", "The spool's directory " + spool, reason,
				"Set observatory.storage.spool.directory");
	}

	private App app(String url) {
		return App.onOwnPool(url)
			.with("observatory.storage.spool.directory", this.directory)
			.with("observatory.storage.spool.max-bytes", "64MB")
			.with("observatory.storage.datasource.connection-timeout", "250ms")
			.with("observatory.storage.logs.flush-interval", "100ms");
	}

	@Configuration(proxyBeanMethods = false)
	static class Registry {

		@Bean
		SimpleMeterRegistry simpleMeterRegistry() {
			return new SimpleMeterRegistry();
		}

	}

}
