package io.observatory.storage.sample.pages;

import jakarta.servlet.http.HttpServletRequest;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.csrf.CookieCsrfTokenRepository;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.firewall.RequestRejectedHandler;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;

/**
 * The pages need no login, as they listen on loopback only unless told otherwise. So a
 * browser is what is guarded against: no inline script, no foreign frame, no form posted
 * from elsewhere, no foreign name that leads here.
 * <p>
 * The intake and the actuator are as they would be without it.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(PagesProperties.class)
class PagesSecurity {

	private static final String CONTENT_SECURITY_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; "
			+ "img-src 'self' data:; connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; "
			+ "frame-ancestors 'none'";

	@Bean
	SecurityFilterChain pages(HttpSecurity http) {
		CookieCsrfTokenRepository tokens = new CookieCsrfTokenRepository();
		tokens.setCookieCustomizer((cookie) -> cookie.sameSite("Strict"));
		return http.securityMatcher((request) -> !isIntake(request) && !isActuator(request))
			.authorizeHttpRequests((requests) -> requests.anyRequest().permitAll())
			.sessionManagement((session) -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
			.csrf((csrf) -> csrf.csrfTokenRepository(tokens))
			.headers((headers) -> headers
				.contentSecurityPolicy((policy) -> policy.policyDirectives(CONTENT_SECURITY_POLICY))
				.referrerPolicy((policy) -> policy.policy(ReferrerPolicy.NO_REFERRER)))
			.requestCache((cache) -> cache.disable())
			.logout((logout) -> logout.disable())
			.build();
	}

	@Bean
	HttpFirewall firewall(PagesProperties properties) {
		return new RebindingFirewall(properties.allowedHosts());
	}

	@Bean
	RequestRejectedHandler rejected() {
		return (request, response, ex) -> {
			response.setStatus(HttpStatus.BAD_REQUEST.value());
			response.setContentType("text/plain;charset=UTF-8");
			response.getWriter()
				.println("This request is not served: its address is malformed, or a page of another site sent it. "
						+ "If its host name is one that leads here, add the name to sample.pages.allowed-hosts.");
		};
	}

	/** Each telemetry request would be measured by it. */
	@Bean
	SecurityObservationSettings noObservations() {
		return SecurityObservationSettings.noObservations();
	}

	static boolean isIntake(HttpServletRequest request) {
		return isUnder("/v1", request) || isUnder("/api", request);
	}

	static boolean isActuator(HttpServletRequest request) {
		return isUnder("/actuator", request);
	}

	private static boolean isUnder(String path, HttpServletRequest request) {
		return request.getRequestURI().startsWith(request.getContextPath() + path + "/");
	}

}
