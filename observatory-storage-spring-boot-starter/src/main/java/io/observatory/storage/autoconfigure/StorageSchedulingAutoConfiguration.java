package io.observatory.storage.autoconfigure;

import io.observatory.storage.spring.StoragePartitions;
import io.observatory.storage.spring.StorageRetention;
import io.observatory.storage.spring.StorageSchedule;
import io.observatory.storage.spring.StorageSchema;
import io.observatory.storage.writer.Writer;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.LazyInitializationExcludeFilter;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.thread.Threading;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * Scheduled flushes of all writers, including those that the application defines.
 */
@AutoConfiguration(after = StorageWriterAutoConfiguration.class)
@ConditionalOnBean(StorageSchema.class)
public final class StorageSchedulingAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	StorageSchedule observatorySchedule(ObjectProvider<Writer> writers, StorageSchema schema,
			ObjectProvider<StoragePartitions> partitions, StorageRetention retention, StorageProperties properties,
			Environment environment) {
		return new StorageSchedule(writers.orderedStream().toList(), schema, partitions.getIfAvailable(),
				properties.partitions().interval(), retention, Threading.VIRTUAL.isActive(environment));
	}

	/**
	 * Nothing injects the schedule, so a lazy context would never create it.
	 */
	@Bean
	static LazyInitializationExcludeFilter observatoryScheduleIsNotLazy() {
		return LazyInitializationExcludeFilter.forBeanTypes(StorageSchedule.class);
	}

}
