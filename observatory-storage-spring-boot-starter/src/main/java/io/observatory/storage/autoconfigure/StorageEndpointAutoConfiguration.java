package io.observatory.storage.autoconfigure;

import io.observatory.storage.actuate.ObservatoryEndpoint;
import io.observatory.storage.deadletter.DeadLetterQueue;
import io.observatory.storage.spring.StoragePartitions;
import io.observatory.storage.spring.StorageRetention;
import io.observatory.storage.spring.StorageSchema;
import io.observatory.storage.writer.Writer;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * The endpoint {@code observatory}.
 */
@AutoConfiguration(after = StorageWriterAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnAvailableEndpoint(ObservatoryEndpoint.class)
@ConditionalOnBean(StorageSchema.class)
public final class StorageEndpointAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	ObservatoryEndpoint observatoryEndpoint(ObjectProvider<Writer> writers, StorageSchema schema,
			ObjectProvider<StoragePartitions> partitions, StorageRetention retention,
			ObjectProvider<DeadLetterQueue> deadLetters) {
		return new ObservatoryEndpoint(writers.orderedStream().toList(), schema, partitions.getIfAvailable(), retention,
				deadLetters.getIfUnique());
	}

}
