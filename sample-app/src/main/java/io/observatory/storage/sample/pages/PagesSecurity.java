package io.observatory.storage.sample.pages;

import java.util.List;

import jakarta.servlet.http.HttpServletRequest;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.csrf.CookieCsrfTokenRepository;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.firewall.RequestRejectedHandler;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;

import static org.springframework.security.config.Customizer.withDefaults;

/**
 * The pages need no login, as they listen on loopback only unless told otherwise. So what
 * has to be prevented is that other sites use a browser to reach them: no inline script,
 * no foreign frame, no form posted from elsewhere, no foreign host name that leads here.
 * <p>
 * Answers to programs must not be cached, nor be interpreted as another content type. The
 * intake of OTLP is not affected.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(PagesProperties.class)
class PagesSecurity {

	private static final List<String> INTAKE = List.of("/v1", "/api/llm-spans", "/api/public/otel");

	private static final String CONTENT_SECURITY_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; "
			+ "img-src 'self' data:; connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; "
			+ "frame-ancestors 'none'";

	@Bean
	@Order(1)
	SecurityFilterChain programs(HttpSecurity http) {
		return http.securityMatcher((request) -> isUnder("/api", request) || isUnder("/actuator", request))
			.authorizeHttpRequests((requests) -> requests.anyRequest().permitAll())
			.sessionManagement((session) -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
			.csrf((csrf) -> csrf.disable())
			.headers((headers) -> headers.defaultsDisabled()
				.contentTypeOptions(withDefaults())
				.cacheControl(withDefaults()))
			.requestCache((cache) -> cache.disable())
			.logout((logout) -> logout.disable())
			.build();
	}

	@Bean
	@Order(2)
	SecurityFilterChain pages(HttpSecurity http) {
		CookieCsrfTokenRepository tokens = new CookieCsrfTokenRepository();
		tokens.setCookieCustomizer((cookie) -> cookie.sameSite("Strict"));
		return http.securityMatcher((request) -> !isIntake(request))
			.authorizeHttpRequests((requests) -> requests.anyRequest().permitAll())
			.sessionManagement((session) -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
			.csrf((csrf) -> csrf.csrfTokenRepository(tokens))
			.headers((headers) -> headers
				.contentSecurityPolicy((policy) -> policy.policyDirectives(CONTENT_SECURITY_POLICY))
				// without a referrer, the browser would not send the origin of our own
				// forms either
				.referrerPolicy((policy) -> policy.policy(ReferrerPolicy.SAME_ORIGIN)))
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

	/** It would observe each telemetry request. */
	@Bean
	SecurityObservationSettings noObservations() {
		return SecurityObservationSettings.noObservations();
	}

	/**
	 * Returns whether a request sends telemetry. This class does not decide who may send
	 * it from a browser.
	 */
	static boolean isIntake(HttpServletRequest request) {
		return INTAKE.stream().anyMatch((path) -> isUnder(path, request));
	}

	private static boolean isUnder(String path, HttpServletRequest request) {
		return (request.getRequestURI() + "/").startsWith(request.getContextPath() + path + "/");
	}

}
