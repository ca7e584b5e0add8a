package io.observatory.storage.sample.startup;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Objects;

import io.observatory.storage.sample.security.Credential;
import io.observatory.storage.sample.security.IntakeToken;
import io.observatory.storage.sample.security.PagesPassword;
import io.observatory.storage.sample.security.Secret;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class NetworkAccessTest {

	private static final String[] SECRETS = { "sample.pages.password=one", "sample.intake.token=two" };

	private final WebApplicationContextRunner application = new WebApplicationContextRunner()
		.withUserConfiguration(WebPorts.class, Properties.class)
		.withPropertyValues("server.port=0");

	@ParameterizedTest
	@ValueSource(strings = { "127.0.0.1", "127.1.2.3", "::1" })
	void onLoopbackNothingIsNeeded(String address) throws UnknownHostException {
		InetAddress loopback = InetAddress.getByName(address);
		assertThatCode(() -> NetworkAccess.check("server.address", loopback, new PagesPassword(null)))
			.doesNotThrowAnyException();
	}

	@ParameterizedTest
	@ValueSource(strings = { "0.0.0.0", "::", "192.168.1.2", "10.0.0.1", "fe80::1", "8.8.8.8" })
	void anyOtherAddressNeedsEachSecret(String address) throws UnknownHostException {
		InetAddress open = InetAddress.getByName(address);
		Credential token = new IntakeToken(Secret.of("token"));
		assertThatExceptionOfType(StartException.class)
			.isThrownBy(() -> NetworkAccess.check("server.address", open, new PagesPassword(null), token));
		assertThatCode(
				() -> NetworkAccess.check("server.address", open, new PagesPassword(Secret.of("password")), token))
			.doesNotThrowAnyException();
	}

	@ParameterizedTest
	@CsvSource(quoteCharacter = '`',
			textBlock = """
					server.address=0.0.0.0 | server.address is 0.0.0.0, without sample.pages.password and sample.intake.token. | Set sample.pages.password and sample.intake.token, or server.address to 127.0.0.1.
					server.forward-headers-strategy=none | server.address is not set, which means all, without sample.pages.password and sample.intake.token. | Set sample.pages.password and sample.intake.token, or server.address to 127.0.0.1.
					server.address=0.0.0.0,sample.intake.token=x | server.address is 0.0.0.0, without sample.pages.password. | Set sample.pages.password, or server.address to 127.0.0.1.
					server.address=0.0.0.0,sample.pages.password=x | server.address is 0.0.0.0, without sample.intake.token. | Set sample.intake.token, or server.address to 127.0.0.1.
					server.address=127.0.0.1,management.server.port=0 | management.server.address is not set, which means all, without sample.pages.password. | Set sample.pages.password, or management.server.address to 127.0.0.1.
					""",
			delimiter = '|')
	void whatIsMissingIsSaidWithItsProperty(String properties, String problem, String action) {
		this.application.withPropertyValues(properties.split(",")).run((context) -> {
			FailureAnalysis said = Objects
				.requireNonNull(new StartFailureAnalyzer().analyze(context.getStartupFailure()));
			assertThat(said.getDescription()).endsWith(problem).startsWith("Anybody in the network could use this");
			assertThat(said.getAction()).isEqualTo(action);
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "server.address=127.0.0.1",
			"server.address=127.0.0.1,management.server.port=0,management.server.address=127.0.0.1",
			"server.address=127.0.0.1,management.server.port=-1" })
	void onLoopbackItStartsWithoutSecrets(String properties) {
		this.application.withPropertyValues(properties.split(",")).run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void withSecretsItStartsAnywhere() {
		this.application.withPropertyValues(SECRETS)
			.withPropertyValues("management.server.port=0")
			.run((context) -> assertThat(context).hasNotFailed()
				.getBean(PagesPassword.class)
				.hasToString("PagesPassword[password=(secret)]"));
	}

	@Test
	void aBlankSecretIsRefusedAndNotTakenForNone() {
		this.application.withPropertyValues("server.address=127.0.0.1", "sample.pages.password=")
			.run((context) -> assertThat(context).getFailure().rootCause().hasMessageContaining("must not be blank"));
	}

	@EnableConfigurationProperties({ ServerProperties.class, PagesPassword.class, IntakeToken.class })
	static class Properties {

	}

}
