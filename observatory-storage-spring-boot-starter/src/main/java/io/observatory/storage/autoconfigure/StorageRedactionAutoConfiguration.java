package io.observatory.storage.autoconfigure;

import io.observatory.storage.model.Redactor;
import io.observatory.storage.spring.StorageSchema;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/**
 * Masks secrets before a record is stored.
 */
@AutoConfiguration(after = StorageSchemaAutoConfiguration.class, before = StorageWriterAutoConfiguration.class)
@ConditionalOnBean(StorageSchema.class)
@EnableConfigurationProperties(RedactionProperties.class)
public final class StorageRedactionAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnBooleanProperty(name = "observatory.storage.redaction.enabled", matchIfMissing = true)
	Redactor observatoryRedactor(RedactionProperties properties) {
		return properties.redactor();
	}

}
