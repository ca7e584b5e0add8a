package io.observatory.storage.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.observatory.storage.test.CaptureTelemetry;
import io.observatory.storage.test.CapturedTelemetry;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.session.jdbc.autoconfigure.JdbcSessionAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * How long an application takes to start for a test with {@link CaptureTelemetry}, beside
 * the same application without this library, and how long it then takes until a span is
 * there to be looked at:
 * {@code mvn -Pbench-capture -pl observatory-storage-spring-boot-starter -am verify
 * -DskipTests -Dbench=CaptureTelemetryBench}
 * <p>
 * The first start of each is told apart: a JVM loads their classes then. The others are
 * medians of {@code bench.rounds} by turns. Nobody listens where the database is.
 */
public final class CaptureTelemetryBench {

	private final List<Double> without = new ArrayList<>();

	private final List<Double> with = new ArrayList<>();

	private final List<Double> looks = new ArrayList<>();

	private CaptureTelemetryBench() {
	}

	public static void main(String[] args) {
		Locale.setDefault(Locale.ROOT);
		CaptureTelemetryBench bench = new CaptureTelemetryBench();
		for (int round = 0; round <= Integer.getInteger("bench.rounds", 7); round++) {
			bench.startWithout();
			bench.startWith();
		}
		System.out.println(line("start without this library", bench.without));
		System.out.println(line("start with @CaptureTelemetry", bench.with));
		System.out.println(line("until its first span is there", bench.looks));
		System.exit(0);
	}

	private void startWithout() {
		long begun = System.nanoTime();
		try (ConfigurableApplicationContext ignored = start(Shop.class, false)) {
			this.without.add(millisSince(begun));
		}
	}

	private void startWith() {
		long begun = System.nanoTime();
		try (ConfigurableApplicationContext application = start(Captured.class, true)) {
			this.with.add(millisSince(begun));
			begun = System.nanoTime();
			Observation.createNotStarted("order", application.getBean(ObservationRegistry.class)).observe(() -> {
			});
			if (application.getBean(CapturedTelemetry.class).spans().size() != 1) {
				throw new IllegalStateException("The span is not there");
			}
			this.looks.add(millisSince(begun));
		}
	}

	private static ConfigurableApplicationContext start(Class<?> application, boolean captured) {
		return new SpringApplicationBuilder(application).web(WebApplicationType.NONE)
			.properties("spring.datasource.url=jdbc:postgresql://localhost:1/shop", "spring.flyway.enabled=false",
					"logging.config=classpath:logback-bench.xml", "management.tracing.sampling.probability=1",
					"management.otlp.metrics.export.enabled=false", "observatory.storage.enabled=" + captured)
			.run();
	}

	private static double millisSince(long nanos) {
		return (System.nanoTime() - nanos) / 1e6;
	}

	private static String line(String name, List<Double> millis) {
		List<Double> later = millis.stream().skip(1).sorted().toList();
		return String.format("%-30s %6.0f ms (%.0f to %.0f), the first time %.0f ms", name, later.get(later.size() / 2),
				later.get(0), later.get(later.size() - 1), millis.get(0));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration(exclude = JdbcSessionAutoConfiguration.class)
	static class Shop {

	}

	@Configuration(proxyBeanMethods = false)
	@Import(Shop.class)
	@CaptureTelemetry
	static class Captured {

	}

}
