package io.observatory.storage.autoconfigure;

import io.observatory.storage.spring.StorageLifecycle;
import io.observatory.storage.writer.Writer;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.LazyInitializationExcludeFilter;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * The flush when the application ends.
 */
@AutoConfiguration(after = StorageWriterAutoConfiguration.class)
@ConditionalOnBean(Writer.class)
public final class StorageLifecycleAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	StorageLifecycle observatoryLifecycle(ObjectProvider<Writer> writers, StorageProperties properties) {
		return new StorageLifecycle(writers.orderedStream().toList(), properties.closeTimeout());
	}

	/**
	 * Nothing injects the lifecycle, so a lazy context would never create it.
	 */
	@Bean
	static LazyInitializationExcludeFilter observatoryLifecycleIsNotLazy() {
		return LazyInitializationExcludeFilter.forBeanTypes(StorageLifecycle.class);
	}

}
