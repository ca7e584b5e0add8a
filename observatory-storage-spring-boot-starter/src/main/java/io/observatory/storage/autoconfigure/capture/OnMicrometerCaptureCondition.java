package io.observatory.storage.autoconfigure.capture;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.util.ClassUtils;

/**
 * Matches unless the application has a meter provider of OpenTelemetry and our exporter
 * stores its metrics.
 */
final class OnMicrometerCaptureCondition extends UnlessExportedCondition {

	private static final String METER_PROVIDER = "io.opentelemetry.sdk.metrics.SdkMeterProvider";

	private static final String EXPORTER = "observatoryMetricExporter";

	OnMicrometerCaptureCondition() {
		super("micrometer");
	}

	@Override
	boolean isExported(ConditionContext context) {
		ConfigurableListableBeanFactory beans = context.getBeanFactory();
		return context.getRegistry().containsBeanDefinition(EXPORTER) && beans != null
				&& beans.getBeanNamesForType(ClassUtils.resolveClassName(METER_PROVIDER, context.getClassLoader()),
						true, false).length > 0;
	}

}
