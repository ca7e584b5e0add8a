package io.observatory.storage.sample.alerts;

import java.time.Clock;

import io.observatory.storage.autoconfigure.StorageProperties;
import io.observatory.storage.spring.StorageDatabase;

import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;

/**
 * Watches the calls, if a limit is set.
 */
@Configuration(proxyBeanMethods = false)
@Conditional(AlertConfiguration.AnyLimit.class)
@EnableScheduling
@EnableConfigurationProperties(AlertProperties.class)
class AlertConfiguration {

	@Bean
	Alerts alerts(AlertProperties properties, StorageDatabase database, StorageProperties storage, Clock clock) {
		return new Alerts(properties.rules(),
				new SharedFigures(database.dataSource(), storage.schema(), properties.window()), clock);
	}

	static class AnyLimit extends AnyNestedCondition {

		AnyLimit() {
			super(ConfigurationPhase.PARSE_CONFIGURATION);
		}

		@ConditionalOnProperty("sample.alerts.cost-a-day")
		static class Cost {

		}

		@ConditionalOnProperty("sample.alerts.error-rate")
		static class Errors {

		}

		@ConditionalOnProperty("sample.alerts.p95")
		static class Latency {

		}

		@ConditionalOnProperty("sample.alerts.silence")
		static class Silence {

		}

	}

}
