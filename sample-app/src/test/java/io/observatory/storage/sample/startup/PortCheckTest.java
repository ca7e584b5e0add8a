package io.observatory.storage.sample.startup;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.Objects;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class PortCheckTest {

	private static final String ADDRESS = "127.0.0.1";

	private static void check(Map<String, Object> properties) {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources().addFirst(new MapPropertySource("test", properties));
		environment.setConversionService(new ApplicationConversionService());
		DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
		beans.registerSingleton("environment", environment);
		new PortCheck().postProcessBeanFactory(beans);
	}

	@ParameterizedTest
	@ValueSource(strings = { "server.port", "sample.grpc.port", "management.server.port" })
	void aPortThatIsTakenIsSaidInOneLineWithItsProperty(String property) throws IOException {
		try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName(ADDRESS))) {
			StartException ex = catchThrowableOfType(StartException.class,
					() -> check(Map.of("server.address", ADDRESS, property, other.getLocalPort())));
			FailureAnalysis said = Objects.requireNonNull(new StartFailureAnalyzer().analyze(ex));
			assertThat(said.getDescription()).startsWith("Port " + other.getLocalPort() + " cannot be listened on: ")
				.doesNotContain("\n");
			assertThat(said.getAction()).contains("set " + property + " to another port").doesNotContain("\n");
		}
	}

	@Test
	void portsThatAreFreeOrAnyOrOffAreFine() throws IOException {
		int free;
		try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName(ADDRESS))) {
			free = other.getLocalPort();
		}
		assertThatCode(() -> check(Map.of("server.address", ADDRESS, "server.port", free, "sample.grpc.port", 0,
				"management.server.port", -1)))
			.doesNotThrowAnyException();
		assertThatCode(() -> check(Map.of())).doesNotThrowAnyException();
	}

}
