package io.observatory.storage.autoconfigure;

import javax.sql.DataSource;

import io.observatory.storage.autoconfigure.connection.StorageConnectionDetails;
import io.observatory.storage.config.StoragePool;
import io.observatory.storage.spring.ObservatoryDataSource;
import io.observatory.storage.spring.StorageDatabase;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * The database of the writers: a pool of their own if it has a URL or
 * {@link StorageConnectionDetails}, else the application's DataSource.
 */
@AutoConfiguration(before = DataSourceAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "observatory.storage.enabled", matchIfMissing = true)
@EnableConfigurationProperties(StorageProperties.class)
public final class StorageDataSourceAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	StorageDatabase observatoryDatabase(StorageProperties properties,
			ObjectProvider<StorageConnectionDetails> connectionDetails,
			@ObservatoryDataSource ObjectProvider<DataSource> marked, ObjectProvider<DataSource> dataSources,
			ConfigurableListableBeanFactory beanFactory, Environment environment) {
		StorageProperties.Pool pool = properties.datasource().connectedTo(connectionDetails.getIfAvailable());
		if (pool.isConfigured()) {
			return StorageDatabase.ownPool(new StoragePool(OwnPool.config(pool)), properties.connectionLimit(true));
		}
		DataSource dataSource = ApplicationDataSource.choose(marked, dataSources, environment);
		// A provider records no dependency, and the pool must be closed after the
		// writers.
		for (String name : beanFactory.getBeanNamesForType(DataSource.class, true, false)) {
			beanFactory.registerDependentBean(name, "observatoryDatabase");
		}
		return StorageDatabase.shared(dataSource, properties.connectionLimit(false));
	}

	/**
	 * An application without any DataSource would fail in the auto-configuration of one
	 * ("Failed to determine a suitable driver class"), so the pool becomes its
	 * DataSource.
	 */
	@Configuration(proxyBeanMethods = false)
	@Conditional(OnlyOwnPoolCondition.class)
	static class OnlyDataSourceConfiguration {

		@Bean(destroyMethod = "")
		DataSource observatoryDataSource(StorageDatabase observatoryDatabase) {
			return observatoryDatabase.dataSource();
		}

	}

}
