package io.observatory.storage.sample.startup;

import java.net.InetAddress;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/**
 * Says at the end of the start where the pages are.
 */
@Component
class PagesAddress {

	private static final Logger logger = LoggerFactory.getLogger(PagesAddress.class);

	private final ServerProperties server;

	private final Environment environment;

	PagesAddress(ServerProperties server, Environment environment) {
		this.server = server;
		this.environment = environment;
	}

	@EventListener(ApplicationReadyEvent.class)
	void show() {
		Integer port = this.environment.getProperty("local.server.port", Integer.class);
		if (port != null) {
			logger.info("Open {}://{}:{}/", Ssl.isEnabled(this.server.getSsl()) ? "https" : "http", host(), port);
		}
	}

	private String host() {
		InetAddress address = this.server.getAddress();
		if (address == null) {
			return "localhost";
		}
		String host = address.getHostAddress();
		return host.contains(":") ? "[" + host + "]" : host;
	}

}
