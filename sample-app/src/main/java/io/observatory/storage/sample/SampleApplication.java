package io.observatory.storage.sample;

import java.time.Clock;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration;
import org.springframework.context.annotation.Bean;

/**
 * Receives telemetry by OTLP/HTTP and LLM calls by REST, stores them in PostgreSQL, and
 * shows them.
 */
// no users, so that Spring Boot does not create one and log its password
@SpringBootApplication(exclude = UserDetailsServiceAutoConfiguration.class)
public class SampleApplication {

	public static void main(String[] args) {
		SpringApplication.run(SampleApplication.class, args);
	}

	/**
	 * Gives the time for records that have none.
	 */
	@Bean
	Clock clock() {
		return Clock.systemUTC();
	}

}
