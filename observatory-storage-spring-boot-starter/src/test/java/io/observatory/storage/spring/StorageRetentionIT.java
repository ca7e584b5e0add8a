package io.observatory.storage.spring;

import io.observatory.storage.testing.App;
import io.observatory.storage.testing.Postgres;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What the retention says.
 */
@ExtendWith(OutputCaptureExtension.class)
class StorageRetentionIT {

	@Test
	void whatIsKeptForEverIsSaidOnceAndSoIsAFailure(CapturedOutput output) {
		String database = Postgres.migratedDatabase();
		try (ConfigurableApplicationContext context = App.onSharedDataSource(Postgres.url(database))
			.with("observatory.storage.retention.traces", "7d")
			.with("logging.level." + StorageRetention.class.getName(), "info")
			.run()) {
			StorageRetention retention = context.getBean(StorageRetention.class);
			await().until(() -> retention.status().lastRun() != null && retention.status().lastRun().endedAt() != null);
			Postgres.jdbc(database)
				.execute(
						"ALTER FUNCTION observatory.delete_traces(timestamptz, integer, timestamptz, uuid) RENAME TO gone");
			retention.run();
			retention.run();
			assertThat(retention.status().lastRun().failure()).contains("delete_traces failed", "42883");
		}
		assertThat(output.getOut().lines().filter((line) -> line.contains("Kept for ever"))).singleElement()
			.asString()
			.endsWith("observatory.storage.retention.logs, observatory.storage.retention.metrics, "
					+ "observatory.storage.retention.dead-letters");
		assertThat(output.getOut().lines().filter((line) -> line.contains("The retention could not"))).singleElement()
			.asString()
			.contains("delete_traces failed", "docs/database-rights.md");
	}

}
