package io.observatory.storage.autoconfigure.capture;

import io.observatory.storage.capture.logback.LogbackCapture;

import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Matches if Logback does the logging, unless OpenTelemetry's own Logback appender is
 * attached and our exporter stores what it sends.
 */
final class OnLogbackCaptureCondition extends UnlessExportedCondition {

	private static final String APPENDER = "io.opentelemetry.instrumentation.logback.appender.";

	private static final String EXPORTER = "observatoryLogRecordExporter";

	OnLogbackCaptureCondition() {
		super("logback");
	}

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		return LogbackCapture.isPossible() ? super.getMatchOutcome(context, metadata)
				: ConditionOutcome.noMatch("Logback does not do the logging");
	}

	@Override
	boolean isExported(ConditionContext context) {
		return context.getRegistry().containsBeanDefinition(EXPORTER) && LogbackCapture.isAttached(APPENDER);
	}

}
