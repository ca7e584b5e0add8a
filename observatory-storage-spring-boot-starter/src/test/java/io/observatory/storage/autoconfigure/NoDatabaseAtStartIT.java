package io.observatory.storage.autoconfigure;

import java.io.IOException;
import java.util.List;

import io.observatory.storage.model.LogRecord;
import io.observatory.storage.spring.StorageSchema;
import io.observatory.storage.stats.WriterStatus;
import io.observatory.storage.testing.App;
import io.observatory.storage.testing.Logs;
import io.observatory.storage.testing.Postgres;
import io.observatory.storage.testing.TcpProxy;
import io.observatory.storage.writer.LogWriter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * An application with a pool for the writers starts, whatever is the matter with their
 * database, and stores what it took when that is over.
 */
@ExtendWith(OutputCaptureExtension.class)
class NoDatabaseAtStartIT {

	private String database;

	private JdbcTemplate jdbc;

	@BeforeEach
	void database() {
		this.database = Postgres.emptyDatabase();
		this.jdbc = Postgres.jdbc(this.database);
	}

	@Test
	void aDatabaseThatIsDownStoresLater() throws IOException {
		try (TcpProxy proxy = new TcpProxy(Postgres.port());
				ConfigurableApplicationContext context = impatient(Postgres.url(this.database, proxy.port())).run()) {
			List<LogRecord> logs = Logs.logs(100);
			LogWriter writer = context.getBean(LogWriter.class);
			writer.writeLogs(logs);
			assertThat(context.getBean(StorageSchema.class).status().state()).isEqualTo(StorageSchema.State.PENDING);
			assertThat(health(context).getStatus()).isEqualTo(Status.UNKNOWN);
			proxy.open();
			Logs.awaitStored(this.jdbc, writer, logs);
			await().untilAsserted(() -> assertThat(health(context).getStatus()).isEqualTo(Status.UP));
			context.close();
		}
	}

	@Test
	void aWrongPasswordIsSaidAndNothingIsLost(CapturedOutput output) {
		this.jdbc.execute("DROP ROLE IF EXISTS mistaken");
		this.jdbc.execute("CREATE ROLE mistaken LOGIN PASSWORD 'right'");
		this.jdbc.execute("GRANT CREATE ON DATABASE " + this.database + " TO mistaken");
		String url = Postgres.url(this.database).replaceAll("\\?.*", "");
		try (ConfigurableApplicationContext context = impatient(url)
			.with("observatory.storage.datasource.username", "mistaken")
			.with("observatory.storage.datasource.password", "hunter2")
			.with("observatory.storage.health.turns-down", true)
			.run()) {
			List<LogRecord> logs = Logs.logs(100);
			LogWriter writer = context.getBean(LogWriter.class);
			writer.writeLogs(logs);
			writer.requestFlush();
			await().until(() -> writer.status().state() == WriterStatus.State.STOPPED);
			assertThat(health(context).getStatus()).isEqualTo(Status.DOWN);
			assertThat(health(context).getDetails().toString()).contains("28P01").doesNotContain("hunter2");
			assertThat(output).contains("28P01").doesNotContain("hunter2");
			this.jdbc.execute("ALTER ROLE mistaken PASSWORD 'hunter2'");
			Logs.awaitStored(this.jdbc, writer, logs);
			await().untilAsserted(() -> assertThat(health(context).getStatus()).isEqualTo(Status.UP));
		}
	}

	private static App impatient(String url) {
		return App.onOwnPool(url)
			.with("observatory.storage.datasource.connection-timeout", "250ms")
			.with("observatory.storage.logs.flush-interval", "100ms")
			.with("observatory.storage.close-timeout", "5s");
	}

	private static Health health(ConfigurableApplicationContext context) {
		return context.getBean("observatoryHealthIndicator", HealthIndicator.class).health(true);
	}

}
