package io.observatory.storage.sample;

import java.time.Clock;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/**
 * Receives telemetry by OTLP/HTTP and LLM calls by REST, and stores them in PostgreSQL.
 */
@SpringBootApplication
public class SampleApplication {

	public static void main(String[] args) {
		SpringApplication.run(SampleApplication.class, args);
	}

	/**
	 * Tells when a record arrived that does not say when it happened.
	 */
	@Bean
	Clock clock() {
		return Clock.systemUTC();
	}

}
