package io.observatory.storage.autoconfigure;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.observatory.storage.actuate.PoolMetrics;
import io.observatory.storage.actuate.WriterMetrics;
import io.observatory.storage.spring.StorageDatabase;
import io.observatory.storage.spring.StorageSchema;
import io.observatory.storage.writer.Writer;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * The meters {@code observatory.storage.*}, and those of the own pool.
 */
@AutoConfiguration(after = StorageWriterAutoConfiguration.class)
@ConditionalOnClass({ MeterRegistry.class, MeterBinder.class })
@ConditionalOnBean(StorageSchema.class)
public final class StorageMetricsAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	WriterMetrics observatoryWriterMetrics(ObjectProvider<Writer> writers) {
		return new WriterMetrics(writers.orderedStream().toList());
	}

	@Bean
	@ConditionalOnMissingBean
	PoolMetrics observatoryPoolMetrics(StorageDatabase database) {
		return new PoolMetrics(database);
	}

}
