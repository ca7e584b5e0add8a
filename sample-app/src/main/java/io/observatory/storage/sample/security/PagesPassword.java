package io.observatory.storage.sample.security;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Guards what can be read: the pages, the exports, {@code /api/stats} and the actuator.
 *
 * @param password the password of HTTP Basic authentication; the user name may be any.
 * Without it, nobody is asked, and the application listens on loopback only
 */
@ConfigurationProperties("sample.pages")
public record PagesPassword(@Nullable Secret password) implements Credential {

	@Override
	public String property() {
		return "sample.pages.password";
	}

	@Override
	public @Nullable Secret secret() {
		return this.password;
	}

}
