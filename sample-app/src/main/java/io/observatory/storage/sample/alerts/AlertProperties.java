package io.observatory.storage.sample.alerts;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;

/**
 * Limits of the calls of models. Without any, nothing is watched.
 *
 * @param costADay the most that the calls of a day (UTC) may cost, in US dollars
 * @param errorRate the largest share of calls that may fail, from 0 to 1
 * @param p95 the longest that 95 % of the calls may take at most
 * @param silence the longest time without a call
 * @param window the time whose calls error rate and p95 are of
 */
@ConfigurationProperties("sample.alerts")
record AlertProperties(@Nullable BigDecimal costADay, @Nullable Double errorRate, @Nullable Duration p95,
		@Nullable Duration silence, @DefaultValue("15m") Duration window) {

	AlertProperties {
		Assert.isTrue(costADay == null || costADay.signum() >= 0, "sample.alerts.cost-a-day must not be negative");
		Assert.isTrue(errorRate == null || (errorRate >= 0 && errorRate <= 1),
				"sample.alerts.error-rate must lie between 0 and 1");
		Assert.isTrue(p95 == null || !p95.isNegative(), "sample.alerts.p95 must not be negative");
		Assert.isTrue(silence == null || silence.compareTo(Duration.ofMinutes(1)) >= 0,
				"sample.alerts.silence must be at least 1m");
		Assert.isTrue(window.compareTo(Duration.ofMinutes(1)) >= 0 && window.compareTo(Duration.ofDays(1)) <= 0,
				"sample.alerts.window must lie between 1m and 1d");
	}

	List<AlertRule> rules() {
		List<AlertRule> rules = new ArrayList<>();
		if (this.costADay != null) {
			rules.add(new AlertRule("cost-a-day", this.costADay.doubleValue(), CallFigures::costToday));
		}
		if (this.errorRate != null) {
			rules.add(new AlertRule("error-rate", this.errorRate, CallFigures::errorRate));
		}
		if (this.p95 != null) {
			rules.add(new AlertRule("p95", seconds(this.p95), CallFigures::p95Seconds));
		}
		if (this.silence != null) {
			rules.add(new AlertRule("silence", seconds(this.silence), CallFigures::silenceSeconds));
		}
		return rules;
	}

	private static double seconds(Duration duration) {
		return duration.toMillis() / 1000.0;
	}

}
