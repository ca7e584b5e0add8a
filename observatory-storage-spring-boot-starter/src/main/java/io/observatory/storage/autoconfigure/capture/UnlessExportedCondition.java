package io.observatory.storage.autoconfigure.capture;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.ConfigurationCondition;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Matches unless a signal is already stored through OpenTelemetry, so that nothing is
 * stored twice. If the capture's property is set, it decides.
 */
abstract class UnlessExportedCondition extends SpringBootCondition implements ConfigurationCondition {

	private final String property;

	UnlessExportedCondition(String capture) {
		this.property = CaptureProperties.PREFIX + "." + capture + ".enabled";
	}

	/**
	 * Returns whether OpenTelemetry exports the signal into our writer.
	 */
	abstract boolean isExported(ConditionContext context);

	@Override
	public ConfigurationPhase getConfigurationPhase() {
		return ConfigurationPhase.REGISTER_BEAN;
	}

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		ConditionMessage.Builder message = ConditionMessage.forCondition("Capture");
		Boolean enabled = context.getEnvironment().getProperty(this.property, Boolean.class);
		if (enabled != null) {
			return new ConditionOutcome(enabled, message.because(this.property + " is " + enabled));
		}
		return isExported(context) ? ConditionOutcome.noMatch(message.because("OpenTelemetry exports it"))
				: ConditionOutcome.match(message.because("OpenTelemetry does not export it"));
	}

}
