package io.observatory.storage.sample.security;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Guards the intake, by HTTP and by gRPC.
 *
 * @param token what senders give as {@code Authorization: Bearer}. Without it, nobody is
 * asked, and the application listens on loopback only
 */
@ConfigurationProperties("sample.intake")
public record IntakeToken(@Nullable Secret token) implements Credential {

	@Override
	public String property() {
		return "sample.intake.token";
	}

	@Override
	public @Nullable Secret secret() {
		return this.token;
	}

	/**
	 * Returns whether a request with this header {@code Authorization} may be taken.
	 */
	public boolean admits(@Nullable String authorization) {
		if (this.token == null) {
			return true;
		}
		String given = BearerAuthenticationConverter.token(authorization);
		return given != null && this.token.matches(given);
	}

}
