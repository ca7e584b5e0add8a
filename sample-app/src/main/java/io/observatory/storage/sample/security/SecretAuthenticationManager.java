package io.observatory.storage.sample.security;

import java.util.List;

import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;

/**
 * Lets in whoever knows the secret, by any name.
 *
 * @param secret the secret
 */
public record SecretAuthenticationManager(Secret secret) implements AuthenticationManager {

	@Override
	public Authentication authenticate(Authentication given) {
		if (given.getCredentials() instanceof String text && this.secret.matches(text)) {
			return UsernamePasswordAuthenticationToken.authenticated(given.getName(), null, List.of());
		}
		throw new BadCredentialsException("The password or token is wrong");
	}

}
