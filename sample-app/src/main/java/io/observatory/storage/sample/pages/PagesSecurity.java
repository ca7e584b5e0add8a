package io.observatory.storage.sample.pages;

import io.observatory.storage.sample.intake.http.IntakePaths;
import io.observatory.storage.sample.security.PagesPassword;
import io.observatory.storage.sample.security.Secret;
import io.observatory.storage.sample.security.SecretAuthenticationManager;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.www.BasicAuthenticationEntryPoint;
import org.springframework.security.web.authentication.www.BasicAuthenticationFilter;
import org.springframework.security.web.csrf.CookieCsrfTokenRepository;
import org.springframework.security.web.csrf.CsrfFilter;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.firewall.RequestRejectedHandler;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;

import static org.springframework.security.config.Customizer.withDefaults;

/**
 * Shows the pages to those who know the password, if there is one, and keeps other sites
 * from using a browser to reach them: no inline script, no foreign frame, no form posted
 * from elsewhere, no foreign host name that leads here.
 * <p>
 * The password comes with each request (HTTP Basic), so there are no sessions.
 * <p>
 * Answers to programs must not be cached, nor be interpreted as another content type. The
 * intake of OTLP is not affected.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(PagesProperties.class)
class PagesSecurity {

	private static final String CONTENT_SECURITY_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; "
			+ "img-src 'self' data:; connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; "
			+ "frame-ancestors 'none'";

	@Bean
	@Order(1)
	SecurityFilterChain programs(HttpSecurity http, PagesPassword password) {
		return requiring(password, http)
			.securityMatcher((request) -> !IntakePaths.contain(request)
					&& (IntakePaths.isUnder("/api", request) || IntakePaths.isUnder("/actuator", request)))
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
	SecurityFilterChain pages(HttpSecurity http, PagesPassword password) {
		CookieCsrfTokenRepository tokens = new CookieCsrfTokenRepository();
		tokens.setCookieCustomizer((cookie) -> cookie.sameSite("Strict"));
		return requiring(password, http).securityMatcher((request) -> !IntakePaths.contain(request))
			.sessionManagement((session) -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
			.csrf((csrf) -> csrf.csrfTokenRepository(tokens)
				.requireCsrfProtectionMatcher((request) -> mayChangeSomething(request, password)))
			.headers((headers) -> headers
				.contentSecurityPolicy((policy) -> policy.policyDirectives(CONTENT_SECURITY_POLICY))
				// without a referrer, the browser would not send the origin of our own
				// forms either
				.referrerPolicy((policy) -> policy.policy(ReferrerPolicy.SAME_ORIGIN)))
			.requestCache((cache) -> cache.disable())
			.logout((logout) -> logout.disable())
			.build();
	}

	private static HttpSecurity requiring(PagesPassword password, HttpSecurity http) {
		Secret secret = password.secret();
		if (secret == null) {
			return http.authorizeHttpRequests((requests) -> requests.anyRequest().permitAll());
		}
		BasicAuthenticationEntryPoint asking = new BasicAuthenticationEntryPoint();
		asking.setRealmName("Observatory");
		return http.authorizeHttpRequests((requests) -> requests.anyRequest().authenticated())
			.exceptionHandling((failures) -> failures.authenticationEntryPoint(asking))
			.addFilterBefore(new BasicAuthenticationFilter(new SecretAuthenticationManager(secret), asking),
					CsrfFilter.class);
	}

	/**
	 * Without the password a form does nothing, and is answered with 401 rather than 403.
	 */
	private static boolean mayChangeSomething(HttpServletRequest request, PagesPassword password) {
		return CsrfFilter.DEFAULT_CSRF_MATCHER.matches(request)
				&& (password.secret() == null || SecurityContextHolder.getContext().getAuthentication() != null);
	}

	@Bean
	HttpFirewall firewall(PagesProperties properties, PagesPassword password) {
		return new RebindingFirewall(properties.allowedHosts(), password.secret() != null);
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

}
