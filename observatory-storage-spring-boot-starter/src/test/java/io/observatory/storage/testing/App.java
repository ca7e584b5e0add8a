package io.observatory.storage.testing;

import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import org.awaitility.Awaitility;

import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.session.jdbc.autoconfigure.JdbcSessionAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/**
 * A user's application with everything that is on the class path, started as {@code main}
 * would start it.
 */
public final class App {

	static {
		// for machines that are busy with something else
		Awaitility.setDefaultTimeout(Duration.ofSeconds(60));
	}

	private final Map<String, Object> properties = new LinkedHashMap<>();

	private WebApplicationType type = WebApplicationType.NONE;

	private Class<?> configuration = AutoConfigured.class;

	private final Set<String> captures = new HashSet<>(Set.of("opentelemetry", "micrometer", "logback"));

	private App() {
	}

	/**
	 * With the writers on the application's own DataSource.
	 */
	public static App onSharedDataSource(String url) {
		return new App().with("spring.datasource.url", url)
			.with("spring.flyway.locations", "classpath:db/userapp")
			.with("spring.datasource.hikari.maximum-pool-size", "5")
			.with("spring.datasource.hikari.connection-init-sql", Postgres.SET_TIME_ZONE);
	}

	/**
	 * With the writers on a pool of their own, and H2 for everything else.
	 */
	public static App onOwnPool(String url) {
		return onH2().with("observatory.storage.datasource.url", url)
			.with("observatory.storage.datasource.minimum-idle", "0");
	}

	public static App onH2() {
		return new App().with("spring.datasource.url", "jdbc:h2:mem:app");
	}

	public App with(String name, Object value) {
		this.properties.put(name, value);
		return this;
	}

	public App with(Class<?> configuration) {
		this.configuration = configuration;
		return this;
	}

	/**
	 * Stores the application's own telemetry, which without this it does not, so that the
	 * tests of everything else know each row.
	 * @param names the captures to leave at their defaults
	 */
	public App capturing(String... names) {
		this.captures.removeAll(Set.of(names));
		return this;
	}

	public App web() {
		this.type = WebApplicationType.SERVLET;
		return with("server.port", 0).with("management.endpoints.web.exposure.include", "*");
	}

	public ConfigurableApplicationContext run() {
		return new SpringApplicationBuilder(AutoConfigured.class, this.configuration).web(this.type)
			.registerShutdownHook(false)
			.bannerMode(Banner.Mode.OFF)
			.run(arguments());
	}

	/**
	 * Returns the properties as the arguments of a {@code main}.
	 */
	public String[] arguments() {
		Map<String, Object> all = new LinkedHashMap<>();
		this.captures.forEach((name) -> all.put("observatory.storage.capture." + name + ".enabled", false));
		// Boot's own would look for a collector at localhost
		all.put("management.otlp.metrics.export.enabled", false);
		// the other one is the default
		if ("source".equals(System.getProperty("it.layout"))) {
			all.put("observatory.storage.layout", "source");
		}
		all.putAll(this.properties);
		return all.entrySet()
			.stream()
			.map((property) -> "--" + property.getKey() + "=" + property.getValue())
			.toArray(String[]::new);
	}

	/**
	 * Everything but Spring Session, which wants tables of its own.
	 */
	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration(exclude = JdbcSessionAutoConfiguration.class)
	static class AutoConfigured {

	}

}
