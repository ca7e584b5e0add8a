package io.observatory.storage.sample.intake.http;

import java.util.HashMap;
import java.util.Map;

import io.observatory.storage.sample.security.BearerAuthenticationConverter;
import io.observatory.storage.sample.security.IntakeToken;
import io.observatory.storage.sample.security.Secret;
import io.observatory.storage.sample.security.SecretAuthenticationManager;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.AuthenticationFilter;
import org.springframework.security.web.authentication.DelegatingAuthenticationConverter;
import org.springframework.security.web.authentication.www.BasicAuthenticationConverter;
import org.springframework.security.web.authentication.www.BasicAuthenticationFilter;

/**
 * Takes telemetry only from those who know the token, if there is one. SDKs that can give
 * nothing but a name and a password, as those of Langfuse, give it as the password.
 */
@Configuration(proxyBeanMethods = false)
class IntakeSecurity {

	@Bean
	@Order(0)
	SecurityFilterChain senders(HttpSecurity http, IntakeToken token,
			ObjectProvider<ServletRegistrationBean<?>> registrations) {
		Secret secret = token.secret();
		http.securityMatcher((request) -> secret != null && IntakePaths.contain(request))
			.authorizeHttpRequests((requests) -> requests.anyRequest().authenticated())
			.sessionManagement((session) -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
			.csrf(AbstractHttpConfigurer::disable)
			.headers(AbstractHttpConfigurer::disable)
			.requestCache(AbstractHttpConfigurer::disable)
			.logout(AbstractHttpConfigurer::disable);
		if (secret != null) {
			AuthenticationEntryPoint refusal = new UnauthorizedRequest(servlets(registrations));
			http.exceptionHandling((failures) -> failures.authenticationEntryPoint(refusal))
				.addFilterBefore(filter(secret, refusal), BasicAuthenticationFilter.class);
		}
		return http.build();
	}

	private static AuthenticationFilter filter(Secret secret, AuthenticationEntryPoint refusal) {
		AuthenticationFilter filter = new AuthenticationFilter(new SecretAuthenticationManager(secret),
				new DelegatingAuthenticationConverter(new BearerAuthenticationConverter(),
						new BasicAuthenticationConverter()));
		// the request goes on, to no other page
		filter.setSuccessHandler((request, response, authentication) -> {
		});
		filter.setFailureHandler(refusal::commence);
		return filter;
	}

	/** Returns the servlets of the intake, by their paths. */
	private static Map<String, IntakeServlet> servlets(ObjectProvider<ServletRegistrationBean<?>> registrations) {
		Map<String, IntakeServlet> servlets = new HashMap<>();
		for (ServletRegistrationBean<?> registration : registrations) {
			if (registration.getServlet() instanceof IntakeServlet servlet) {
				registration.getUrlMappings().forEach((path) -> servlets.put(path, servlet));
			}
		}
		return servlets;
	}

}
