package io.observatory.storage.autoconfigure;

import java.util.List;

import javax.sql.DataSource;

import io.observatory.storage.autoconfigure.connection.StorageConnectionDetails;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.jdbc.EmbeddedDatabaseConnection;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.ConfigurationCondition;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.StringUtils;

/**
 * Matches when the writers' own pool is the only database of the application.
 */
class OnlyOwnPoolCondition extends SpringBootCondition implements ConfigurationCondition {

	private static final List<String> PROPERTIES = List.of("spring.datasource.url", "spring.datasource.jndi-name",
			"spring.datasource.xa.data-source-class-name");

	@Override
	public ConfigurationPhase getConfigurationPhase() {
		return ConfigurationPhase.REGISTER_BEAN;
	}

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		ConditionMessage.Builder message = ConditionMessage.forCondition("Observatory's own pool");
		if (!isSet(context.getEnvironment(), "observatory.storage.datasource.url")
				&& !hasBean(context, StorageConnectionDetails.class)) {
			return ConditionOutcome.noMatch(message.because("it is not configured"));
		}
		return applicationHasDataSource(context)
				? ConditionOutcome.noMatch(message.because("there is another DataSource"))
				: ConditionOutcome.match(message.because("it is the only DataSource"));
	}

	private boolean applicationHasDataSource(ConditionContext context) {
		return PROPERTIES.stream().anyMatch((name) -> isSet(context.getEnvironment(), name))
				|| hasBean(context, DataSource.class) || hasBean(context, JdbcConnectionDetails.class)
				|| EmbeddedDatabaseConnection.get(context.getClassLoader()) != EmbeddedDatabaseConnection.NONE;
	}

	private static boolean isSet(Environment environment, String name) {
		return StringUtils.hasText(environment.getProperty(name));
	}

	private static boolean hasBean(ConditionContext context, Class<?> type) {
		ConfigurableListableBeanFactory beanFactory = context.getBeanFactory();
		return beanFactory != null && beanFactory.getBeanNamesForType(type, true, false).length > 0;
	}

}
