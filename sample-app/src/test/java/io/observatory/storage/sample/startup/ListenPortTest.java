package io.observatory.storage.sample.startup;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Objects;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.diagnostics.FailureAnalysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class ListenPortTest {

	private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

	@Test
	void aPortThatIsTakenIsSaidInOneLineWithItsProperty() throws IOException {
		try (ServerSocket other = new ServerSocket(0, 1, LOOPBACK)) {
			ListenPort port = new ListenPort("server.port", LOOPBACK, other.getLocalPort());
			StartException ex = catchThrowableOfType(StartException.class, port::requireFree);
			FailureAnalysis said = Objects.requireNonNull(new StartFailureAnalyzer().analyze(ex));
			assertThat(said.getDescription()).startsWith("Port " + other.getLocalPort() + " cannot be listened on: ")
				.doesNotContain("\n");
			assertThat(said.getAction()).contains("set server.port to another port").doesNotContain("\n");
		}
	}

	@Test
	void aPortThatWasJustGivenBackIsFree() throws IOException {
		ServerSocket other = new ServerSocket(0, 1, LOOPBACK);
		other.close();
		assertThatCode(() -> new ListenPort("server.port", LOOPBACK, other.getLocalPort()).requireFree())
			.doesNotThrowAnyException();
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, -1 })
	void anyPortAndNoneAreFree(int port) {
		assertThatCode(() -> new ListenPort("server.port", null, port).requireFree()).doesNotThrowAnyException();
	}

}
