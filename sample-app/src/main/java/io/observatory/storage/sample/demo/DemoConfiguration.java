package io.observatory.storage.sample.demo;

import java.time.Clock;

import io.observatory.storage.writer.LogWriter;
import io.observatory.storage.writer.MetricWriter;
import io.observatory.storage.writer.TraceWriter;

import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The built-in load, on when {@code demo.rate} is set.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty("demo.rate")
@EnableConfigurationProperties(DemoProperties.class)
class DemoConfiguration {

	@Bean
	DemoLoad demoLoad(DemoProperties properties, TraceWriter traces, MetricWriter metrics, LogWriter logs,
			Clock clock) {
		return new DemoLoad(properties.rate(), new DemoTraffic(clock), new DemoWriters(traces, metrics, logs));
	}

}
