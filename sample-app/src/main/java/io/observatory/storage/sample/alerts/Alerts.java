package io.observatory.storage.sample.alerts;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.observatory.storage.sample.alerts.AlertRule.Alert;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;

/**
 * Compares the figures of the calls with their limits, for meters and health. The health
 * stays UP when a limit is exceeded: an application whose calls are expensive is not to
 * be taken out of service. Figures that are older than ten minutes are not known.
 */
class Alerts implements HealthIndicator, MeterBinder {

	private static final Logger logger = LoggerFactory.getLogger(Alerts.class);

	private static final Duration REMEMBERED = Duration.ofMinutes(10);

	private final List<AlertRule> rules;

	private final SharedFigures shared;

	private final Clock clock;

	private volatile @Nullable CallFigures figures;

	Alerts(List<AlertRule> rules, SharedFigures shared, Clock clock) {
		this.rules = rules;
		this.shared = shared;
		this.clock = clock;
	}

	@Scheduled(fixedDelayString = "1m")
	void refresh() {
		try {
			this.shared.refresh();
			this.figures = this.shared.last().orElse(null);
		}
		catch (DataAccessException ex) {
			// its message would show the statement
			logger.warn("The figures for the alerts could not be read: {}", ex.getClass().getSimpleName());
		}
	}

	private @Nullable CallFigures known() {
		CallFigures last = this.figures;
		return (last != null && last.readAt().isAfter(this.clock.instant().minus(REMEMBERED))) ? last : null;
	}

	@Override
	public Health health() {
		CallFigures known = known();
		Health.Builder health = Health.up();
		health.withDetail("exceeded",
				this.rules.stream().map((rule) -> rule.check(known)).filter(Alert::exceeded).map(Alert::name).toList());
		this.rules.forEach((rule) -> health.withDetail(rule.name(), rule.check(known)));
		if (known != null) {
			health.withDetail("readAt", known.readAt());
		}
		return health.build();
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		for (AlertRule rule : this.rules) {
			gauge("alerts.value", rule, () -> {
				Double value = rule.check(known()).value();
				return (value != null) ? value : Double.NaN;
			}).description("The figure; NaN if it is not known").register(registry);
			gauge("alerts.limit", rule, rule::limit).description("What it must not exceed").register(registry);
			gauge("alerts.exceeded", rule, () -> rule.check(known()).exceeded() ? 1 : 0)
				.description("1 if the figure is above the limit, else 0")
				.register(registry);
		}
	}

	private static Gauge.Builder<Supplier<Number>> gauge(String name, AlertRule rule, Supplier<Number> value) {
		return Gauge.builder(name, value).tag("rule", rule.name());
	}

}
