package io.observatory.storage.sample.startup;

import java.util.Objects;

import io.observatory.storage.sample.security.IntakeToken;
import io.observatory.storage.sample.security.PagesPassword;

import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementServerProperties;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * The ports that the web server listens on.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication
class WebPorts {

	@Bean
	ListenPort webPort(ServerProperties server, PagesPassword password, IntakeToken token) {
		NetworkAccess.check("server.address", server.getAddress(), password, token);
		return new ListenPort("server.port", server.getAddress(), Objects.requireNonNullElse(server.getPort(), -1));
	}

	/** The port of the web server, unless it is set. */
	@Bean
	ListenPort actuatorPort(Environment environment, PagesPassword password) {
		if (ManagementPortType.get(environment) != ManagementPortType.DIFFERENT) {
			return new ListenPort("management.server.port", null, -1);
		}
		ManagementServerProperties actuator = Binder.get(environment)
			.bindOrCreate("management.server", ManagementServerProperties.class);
		NetworkAccess.check("management.server.address", actuator.getAddress(), password);
		return new ListenPort("management.server.port", actuator.getAddress(),
				Objects.requireNonNull(actuator.getPort()));
	}

}
