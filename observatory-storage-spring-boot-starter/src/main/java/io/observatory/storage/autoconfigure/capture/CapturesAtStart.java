package io.observatory.storage.autoconfigure.capture;

import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionEvaluationReport;
import org.springframework.boot.autoconfigure.condition.ConditionEvaluationReport.ConditionAndOutcome;
import org.springframework.boot.autoconfigure.condition.ConditionEvaluationReport.ConditionAndOutcomes;

/**
 * Says in one line, when the application starts, what is captured, and why the rest is
 * not: what it needs, and what Spring Boot's report of conditions says; an application
 * that was prepared ahead of time has none.
 */
final class CapturesAtStart implements SmartInitializingSingleton {

	private static final Logger logger = LoggerFactory.getLogger(CapturesAtStart.class);

	/** What Spring Boot says of a class or a bean that is not there. */
	private static final String MISSING = "did not find";

	private static final List<Capture> CAPTURES = List.of(
			new Capture("calls of Spring AI", StorageSpringAiAutoConfiguration.class, "observatorySpanCapture",
					"a starter of a Spring AI model"),
			new Capture("spans of OpenTelemetry", StorageOpenTelemetryAutoConfiguration.class,
					"observatorySpanExporter", "spring-boot-starter-opentelemetry"),
			new Capture("log records of OpenTelemetry", StorageOpenTelemetryAutoConfiguration.class,
					"observatoryLogRecordExporter", "spring-boot-starter-opentelemetry"),
			new Capture("meters of Micrometer", StorageMicrometerAutoConfiguration.class, "observatoryMeterRegistry",
					"spring-boot-starter-actuator"),
			new Capture("log lines of Logback", StorageLogbackAutoConfiguration.class, "observatoryLogbackCapture",
					"Logback"));

	private final ConfigurableListableBeanFactory beans;

	CapturesAtStart(ConfigurableListableBeanFactory beans) {
		this.beans = beans;
	}

	@Override
	public void afterSingletonsInstantiated() {
		logger.info("Captured: {}. Not captured: {}.", list(this::isOn, Capture::name),
				list((capture) -> !isOn(capture), (capture) -> capture.name() + " (" + reason(capture) + ")"));
	}

	private boolean isOn(Capture capture) {
		return this.beans.containsBeanDefinition(capture.bean());
	}

	private static String list(Predicate<Capture> which, Function<Capture, String> text) {
		String list = CAPTURES.stream().filter(which).map(text).collect(Collectors.joining(", "));
		return list.isEmpty() ? "nothing" : list;
	}

	private String reason(Capture capture) {
		ConditionEvaluationReport report = ConditionEvaluationReport.get(this.beans);
		String type = capture.configuration().getName();
		if (report.getExclusions().contains(type)) {
			return type + " is excluded";
		}
		String reason = reason(report, type);
		reason = (reason != null) ? reason : reason(report, type + "#" + capture.bean());
		if (reason == null) {
			return "decided at build time";
		}
		return reason.contains(MISSING) ? "needs " + capture.dependency() + ": " + reason : reason;
	}

	private static @Nullable String reason(ConditionEvaluationReport report, String source) {
		ConditionAndOutcomes outcomes = report.getConditionAndOutcomesBySource().get(source);
		return (outcomes == null) ? null
				: outcomes.stream()
					.map(ConditionAndOutcome::getOutcome)
					.filter((outcome) -> !outcome.isMatch())
					.map((outcome) -> outcome.getMessage())
					.findFirst()
					.orElse(null);
	}

	/**
	 * One of them, on if its bean is there.
	 *
	 * @param dependency what brings the beans that it captures from
	 */
	private record Capture(String name, Class<?> configuration, String bean, String dependency) {

	}

}
