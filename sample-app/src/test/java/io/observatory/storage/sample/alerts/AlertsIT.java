package io.observatory.storage.sample.alerts;

import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.observatory.storage.sample.alerts.AlertRule.Alert;
import io.observatory.storage.sample.it.TestDatabase;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class AlertsIT {

	private static final Duration WINDOW = Duration.ofMinutes(100).plusSeconds(30);

	private static final AlertProperties LIMITS = new AlertProperties(BigDecimal.valueOf(1000), 0.05,
			Duration.ofMillis(50), Duration.ofMinutes(30), WINDOW);

	private static TestDatabase database;

	@BeforeAll
	static void fill() {
		database = TestDatabase.withCalls();
	}

	private static SharedFigures instance() {
		return new SharedFigures(new DriverManagerDataSource(database.url()), "observatory", WINDOW);
	}

	private static void makeDue() {
		instance().refresh();
		database.jdbc().update("UPDATE observatory.sample_alerts SET due_at = now()");
	}

	@Test
	void theFiguresAreThoseOfTheViews() {
		makeDue();
		SharedFigures figures = instance();
		assertThat(figures.refresh()).isTrue();
		double costToday = database.jdbc()
			.queryForObject("SELECT count(*) * 0.01 FROM observatory.trace_spans "
					+ "WHERE start_time >= date_trunc('day', now(), 'UTC')", Double.class);
		assertThat(figures.last()).hasValueSatisfying((last) -> {
			assertThat(last.costToday() != null ? last.costToday() : 0).isEqualTo(costToday, within(1e-9));
			assertThat(last.errorRate()).isEqualTo(0.1, within(1e-9));
			assertThat(last.p95Seconds()).isEqualTo(0.095, within(1e-9));
			assertThat(last.silenceSeconds()).isBetween(60.0, 180.0);
		});
	}

	@Test
	void ofManyInstancesOneReadsTheViewsAndAllKnowTheFigures() {
		makeDue();
		List<SharedFigures> instances = IntStream.range(0, 8).mapToObj((i) -> instance()).toList();
		ExecutorService threads = Executors.newFixedThreadPool(instances.size());
		try {
			List<CompletableFuture<Boolean>> reading = instances.stream()
				.map((instance) -> CompletableFuture.supplyAsync(instance::refresh, threads))
				.toList();
			assertThat(reading.stream().filter(CompletableFuture::join)).hasSize(1);
		}
		finally {
			threads.shutdownNow();
		}
		assertThat(instances).extracting((instance) -> instance.last().orElseThrow().readAt())
			.containsOnly(instances.get(0).last().orElseThrow().readAt());
		assertThat(instances).noneMatch(SharedFigures::refresh);
	}

	@Test
	void theTableIsCreatedByManyAtOnce() {
		database.jdbc().execute("DROP TABLE IF EXISTS observatory.sample_alerts");
		ExecutorService threads = Executors.newFixedThreadPool(8);
		try {
			List<CompletableFuture<Boolean>> creating = new ArrayList<>();
			for (int i = 0; i < 8; i++) {
				creating.add(CompletableFuture.supplyAsync(instance()::refresh, threads));
			}
			assertThat(creating.stream().filter(CompletableFuture::join)).hasSize(1);
		}
		finally {
			threads.shutdownNow();
		}
		assertThat(database.jdbc().queryForObject("SELECT count(*) FROM observatory.sample_alerts", Long.class))
			.isEqualTo(1);
	}

	@Test
	void whereItIsNotDueNoViewIsRead() {
		instance().refresh();
		database.jdbc().execute("ALTER VIEW observatory.llm_calls RENAME TO away");
		try {
			assertThat(instance().refresh()).isFalse();
		}
		finally {
			database.jdbc().execute("ALTER VIEW observatory.away RENAME TO llm_calls");
		}
	}

	@Test
	void whatIsAboveItsLimitIsSaid() {
		makeDue();
		Alerts alerts = new Alerts(LIMITS.rules(), instance(), Clock.systemUTC());
		alerts.refresh();
		Health health = alerts.health();
		assertThat(health.getStatus()).isEqualTo(Status.UP);
		assertThat(health.getDetails()).containsEntry("exceeded", List.of("error-rate", "p95"))
			.containsEntry("error-rate", new Alert("error-rate", 0.1, 0.05, true))
			.containsKeys("cost-a-day", "silence", "readAt");
		SimpleMeterRegistry meters = new SimpleMeterRegistry();
		alerts.bindTo(meters);
		assertThat(gauge(meters, "alerts.value", "p95")).isEqualTo(0.095, within(1e-9));
		assertThat(gauge(meters, "alerts.limit", "p95")).isEqualTo(0.05);
		assertThat(gauge(meters, "alerts.exceeded", "p95")).isEqualTo(1);
		assertThat(gauge(meters, "alerts.exceeded", "silence")).isZero();
	}

	private static double gauge(SimpleMeterRegistry meters, String name, String rule) {
		return meters.get(name).tag("rule", rule).gauge().value();
	}

	@Test
	void oldFiguresAreNotKnown() {
		makeDue();
		Alerts alerts = new Alerts(LIMITS.rules(), instance(), Clock.offset(Clock.systemUTC(), Duration.ofMinutes(11)));
		alerts.refresh();
		SimpleMeterRegistry meters = new SimpleMeterRegistry();
		alerts.bindTo(meters);
		assertThat(gauge(meters, "alerts.value", "p95")).isNaN();
		assertThat(alerts.health().getDetails()).containsEntry("p95", new Alert("p95", null, 0.05, false));
	}

	@Test
	void aDatabaseThatDoesNotAnswerIsNoErrorOfTheApplication() {
		Alerts alerts = new Alerts(LIMITS.rules(),
				new SharedFigures(new DriverManagerDataSource("jdbc:postgresql://127.0.0.1:1/none"), "observatory",
						WINDOW),
				Clock.systemUTC());
		alerts.refresh();
		assertThat(alerts.health().getDetails()).containsEntry("exceeded", List.of());
	}

}
