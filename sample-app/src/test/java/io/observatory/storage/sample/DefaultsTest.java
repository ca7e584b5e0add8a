package io.observatory.storage.sample;

import java.io.IOException;
import java.util.Map;

import io.observatory.storage.sample.otlp.grpc.GrpcProperties;
import org.junit.jupiter.api.Test;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ClassPathResource;

import static org.assertj.core.api.Assertions.assertThat;

class DefaultsTest {

	@Test
	void itListensWhereAnSdkSendsAndOnLoopbackOnly() throws IOException {
		PropertySource<?> defaults = new YamlPropertySourceLoader()
			.load("defaults", new ClassPathResource("application.yml"))
			.get(0);
		assertThat(defaults.getProperty("server.port")).isEqualTo(4318);
		assertThat(defaults.getProperty("server.address")).isEqualTo("127.0.0.1");
		GrpcProperties grpc = new Binder(new MapConfigurationPropertySource(Map.of())).bindOrCreate("sample.grpc",
				GrpcProperties.class);
		assertThat(grpc.enabled()).isTrue();
		assertThat(grpc.port()).isEqualTo(4317);
		assertThat(grpc.address().isLoopbackAddress()).isTrue();
	}

}
