package io.observatory.storage.sample.startup;

import java.util.Objects;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The ports that the web server listens on.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication
class WebPorts {

	@Bean
	ListenPort webPort(ServerProperties server) {
		return new ListenPort("server.port", server.getAddress(), Objects.requireNonNullElse(server.getPort(), -1));
	}

	/** The port of the web server, unless it is set. */
	@Bean
	ListenPort actuatorPort(ServerProperties server, @Value("${management.server.port:-1}") int port) {
		return new ListenPort("management.server.port", server.getAddress(), port);
	}

}
