package io.observatory.storage.autoconfigure;

import io.observatory.storage.capture.CaptureWriters;
import io.observatory.storage.capture.TraceSampling;
import io.observatory.storage.spring.StorageSchema;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.LazyInitializationExcludeFilter;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/**
 * What all captures have in common.
 */
@AutoConfiguration(after = StorageWriterAutoConfiguration.class)
@ConditionalOnBean(StorageSchema.class)
@EnableConfigurationProperties(CaptureProperties.class)
public final class StorageCaptureAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	TraceSampling observatoryTraceSampling(CaptureProperties properties) {
		return new TraceSampling(properties.samplingRatio());
	}

	@Bean
	CaptureWriters observatoryCaptureWriters(ConfigurableListableBeanFactory beans) {
		return new CaptureWriters(beans, "observatoryCaptureWriters");
	}

	/**
	 * What a lazy context made on demand would not hear that all beans are there.
	 */
	@Bean
	static LazyInitializationExcludeFilter observatoryCaptureWritersAreNotLazy() {
		return LazyInitializationExcludeFilter.forBeanTypes(CaptureWriters.class);
	}

}
