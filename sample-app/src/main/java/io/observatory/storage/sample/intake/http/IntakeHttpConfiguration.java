package io.observatory.storage.sample.intake.http;

import java.util.List;

import io.observatory.storage.sample.intake.IntakeProperties;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.UrlBasedCorsConfigurationSource;
import org.springframework.web.filter.CorsFilter;

/**
 * Configures which web pages may send from a browser, and the answer while the server
 * stops.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(IntakeProperties.class)
class IntakeHttpConfiguration {

	@Bean
	FilterRegistrationBean<CorsFilter> intakeCors(IntakeProperties properties) {
		CorsConfiguration cors = new CorsConfiguration();
		cors.setAllowedOrigins(properties.allowedOrigins());
		cors.setAllowedMethods(List.of("POST"));
		cors.setAllowedHeaders(List.of("*"));
		UrlBasedCorsConfigurationSource source = new UrlBasedCorsConfigurationSource();
		source.registerCorsConfiguration("/**", cors);
		FilterRegistrationBean<CorsFilter> filter = new FilterRegistrationBean<>(new CorsFilter(source));
		filter.addUrlPatterns(IntakePaths.patterns());
		filter.setOrder(Ordered.HIGHEST_PRECEDENCE);
		filter.setEnabled(!properties.allowedOrigins().isEmpty());
		filter.setAsyncSupported(true);
		return filter;
	}

	@Bean
	WebServerFactoryCustomizer<TomcatServletWebServerFactory> stoppingServer() {
		return (factory) -> factory.addEngineValves(new StoppingServerValve());
	}

}
