package io.observatory.storage.sample.demo;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The built-in load.
 *
 * @param rate how many records a second to write; off unless set
 */
@ConfigurationProperties("demo")
record DemoProperties(int rate) {

	DemoProperties {
		if (rate < 1) {
			throw new IllegalArgumentException("demo.rate must be at least 1");
		}
	}

}
