package io.observatory.storage.sample.startup;

import java.net.InetAddress;
import java.util.List;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/**
 * Finds out that a port is taken before anything is started, the database above all. The
 * servers would notice last.
 */
@Component
@ConditionalOnWebApplication
class PortCheck implements BeanFactoryPostProcessor {

	/** The properties of all ports that are listened on; one may not be set. */
	private static final List<String> PORTS = List.of("server.port", "sample.grpc.port", "management.server.port");

	@Override
	public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
		Environment environment = beanFactory.getBean(Environment.class);
		InetAddress address = environment.getProperty("server.address", InetAddress.class);
		for (String property : PORTS) {
			int port = environment.getProperty(property, Integer.class, -1);
			if (port > 0) {
				new ListenPort(property, address, port).requireFree();
			}
		}
	}

}
