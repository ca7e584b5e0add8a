package io.observatory.storage.sample.security;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.authentication.AuthenticationConverter;

/**
 * Reads {@code Authorization: Bearer} (RFC 6750, section 2.1).
 */
public final class BearerAuthenticationConverter implements AuthenticationConverter {

	private static final String SCHEME = "Bearer ";

	@Override
	public @Nullable Authentication convert(HttpServletRequest request) {
		String token = token(request.getHeader(HttpHeaders.AUTHORIZATION));
		return (token != null) ? UsernamePasswordAuthenticationToken.unauthenticated("bearer", token) : null;
	}

	/** Returns the token of a header, or null if there is none. */
	static @Nullable String token(@Nullable String authorization) {
		return (authorization != null && authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length()))
				? authorization.substring(SCHEME.length()).strip() : null;
	}

}
