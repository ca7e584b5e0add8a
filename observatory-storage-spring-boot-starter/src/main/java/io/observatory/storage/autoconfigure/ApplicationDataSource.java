package io.observatory.storage.autoconfigure;

import javax.sql.DataSource;

import io.observatory.storage.spring.StorageStartupException;

import org.springframework.beans.BeansException;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * Finds the application's DataSource that the writers use.
 */
final class ApplicationDataSource {

	private static final String OWN_POOL = "Set observatory.storage.datasource.url (with username and password) to give "
			+ "the writers a pool of their own";

	private ApplicationDataSource() {
	}

	static DataSource choose(ObjectProvider<DataSource> marked, ObjectProvider<DataSource> all,
			Environment environment) {
		try {
			DataSource dataSource = marked.getIfAvailable();
			return (dataSource != null) ? dataSource : all.getObject();
		}
		catch (NoUniqueBeanDefinitionException ex) {
			throw new StorageStartupException(
					"The observatory writers cannot tell which DataSource to use: there are "
							+ ex.getNumberOfBeansFound() + " and none is primary.",
					"Mark one with @ObservatoryDataSource or @Primary. Or: " + OWN_POOL + ".", ex);
		}
		catch (NoSuchBeanDefinitionException ex) {
			throw none(ex);
		}
		catch (BeanCreationException ex) {
			throw isBootWithoutUrl(ex, environment) ? none(ex) : ex;
		}
	}

	/** Spring Boot defines a DataSource, but it fails because there is no URL. */
	private static boolean isBootWithoutUrl(BeanCreationException ex, Environment environment) {
		return !StringUtils.hasText(environment.getProperty("spring.datasource.url"))
				&& NestedExceptionUtils.getMostSpecificCause(ex)
					.getClass()
					.getName()
					.startsWith("org.springframework.boot.jdbc.autoconfigure.DataSourceProperties");
	}

	private static StorageStartupException none(BeansException cause) {
		return new StorageStartupException("The observatory writers have no database: there is no DataSource.",
				OWN_POOL + ", give the application a DataSource (spring.datasource.url), or set "
						+ "observatory.storage.enabled=false to go without the writers.",
				cause);
	}

}
