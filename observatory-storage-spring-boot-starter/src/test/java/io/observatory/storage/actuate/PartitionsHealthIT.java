package io.observatory.storage.actuate;

import io.observatory.storage.testing.App;
import io.observatory.storage.testing.Postgres;
import org.junit.jupiter.api.Test;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Health tells when the partitions run out.
 */
class PartitionsHealthIT {

	@Test
	void fewDaysAheadAreTrouble() {
		String database = Postgres.migratedDatabase();
		JdbcTemplate jdbc = Postgres.jdbc(database);
		try (ConfigurableApplicationContext context = app(database).run()) {
			await().untilAsserted(() -> {
				assertThat(health(context).getStatus()).isEqualTo(Status.UP);
				assertThat(health(context).getDetails()).containsEntry("partitionsAhead", 14);
			});
		}
		// A day is missing, and nothing makes it.
		jdbc.execute("DROP TABLE observatory.logs_" + jdbc
			.queryForObject("SELECT to_char(now() AT TIME ZONE 'UTC' + interval '2 days', 'YYYYMMDD')", String.class));
		jdbc.execute("""
				CREATE OR REPLACE FUNCTION observatory.make_partitions(days_ahead integer DEFAULT 14) RETURNS integer
				LANGUAGE sql AS 'SELECT 0'""");
		try (ConfigurableApplicationContext context = app(database).run()) {
			await().untilAsserted(() -> {
				assertThat(health(context).getStatus()).isEqualTo(Status.UNKNOWN);
				assertThat(health(context).getDetails()).containsEntry("partitionsAhead", 1);
			});
		}
	}

	private static App app(String database) {
		return App.onSharedDataSource(Postgres.url(database));
	}

	private static Health health(ConfigurableApplicationContext context) {
		return context.getBean("observatoryHealthIndicator", HealthIndicator.class).health(true);
	}

}
