package io.observatory.storage.autoconfigure;

import io.observatory.storage.actuate.ObservatoryHealthIndicator;
import io.observatory.storage.spring.StoragePartitions;
import io.observatory.storage.spring.StorageSchema;
import io.observatory.storage.writer.Writer;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/**
 * The health indicator {@code observatory}.
 */
@AutoConfiguration(after = StorageWriterAutoConfiguration.class)
@ConditionalOnClass({ HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class })
@ConditionalOnBean(StorageSchema.class)
@ConditionalOnEnabledHealthIndicator("observatory")
public final class StorageHealthAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = "observatoryHealthIndicator")
	ObservatoryHealthIndicator observatoryHealthIndicator(ObjectProvider<Writer> writers, StorageSchema schema,
			ObjectProvider<StoragePartitions> partitions, StorageProperties properties) {
		return new ObservatoryHealthIndicator(writers.orderedStream().toList(), schema, partitions.getIfAvailable(),
				properties.health().turnsDown(), properties.health().gracePeriod(), properties.health().maxSpoolAge());
	}

}
