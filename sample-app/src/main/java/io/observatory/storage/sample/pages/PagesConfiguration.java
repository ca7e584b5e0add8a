package io.observatory.storage.sample.pages;

import io.observatory.storage.autoconfigure.StorageProperties;
import io.observatory.storage.spring.StorageDatabase;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class PagesConfiguration {

	@Bean
	PagesDatabase pagesDatabase(StorageDatabase writers, StorageProperties properties) {
		return PagesDatabase.beside(writers, properties.schema());
	}

}
