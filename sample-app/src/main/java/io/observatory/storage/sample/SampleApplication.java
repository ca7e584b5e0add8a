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
// without users: no login, and no password made up in the log
@SpringBootApplication(exclude = UserDetailsServiceAutoConfiguration.class)
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
