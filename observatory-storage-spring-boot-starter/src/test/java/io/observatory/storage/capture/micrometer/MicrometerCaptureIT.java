package io.observatory.storage.capture.micrometer;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.LongTaskTimer;
import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Statistic;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.observatory.storage.testing.App;
import io.observatory.storage.testing.Postgres;
import io.observatory.storage.testing.Rows;
import io.observatory.storage.writer.MetricWriter;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import org.junit.jupiter.api.Test;

import org.springframework.boot.micrometer.metrics.autoconfigure.MeterRegistryCustomizer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.awaitility.Awaitility.await;

/**
 * Meters of a real application, published when it ends, and once a step.
 */
class MicrometerCaptureIT {

	private final String database = Postgres.migratedDatabase();

	private App app() {
		return App.onSharedDataSource(Postgres.url(this.database))
			.capturing("micrometer")
			.with("spring.application.name", "shop")
			.with("observatory.storage.capture.micrometer.step", "1h")
			.with("observatory.storage.metrics.flush-interval", "1h");
	}

	private List<Map<String, Object>> points(String metric) {
		return Rows.of(this.database,
				"SELECT p.*, p.attributes::text AS json, p.buckets::text AS bucket_json, p.quantiles::text AS quantile_json,"
						+ " m.metric_type, m.unit, m.description, m.service_name,"
						+ " m.attributes::text AS metric_json, m.resource_attributes::text AS resource_json"
						+ " FROM observatory.metric_data_points p JOIN observatory.metrics m ON m.id = p.metric_id"
						+ " WHERE m.name = ? ORDER BY p.timestamp, p.value",
				metric);
	}

	private Map<String, Object> point(String metric) {
		List<Map<String, Object>> points = points(metric);
		assertThat(points).as(metric).hasSize(1);
		return points.get(0);
	}

	@Test
	void everyKindOfMeterIsPublishedWhenTheApplicationEnds() {
		AtomicInteger seconds = new AtomicInteger(90);
		Instant start = Instant.now();
		LongTaskTimer.Sample running;
		try (ConfigurableApplicationContext context = app().with(Customized.class).run()) {
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			Counter.builder("shop.orders")
				.baseUnit("orders")
				.description("taken")
				.tag("k", "v")
				.register(registry)
				.increment(3);
			Counter.builder("shop.idle").register(registry);
			Gauge.builder("shop.stock", () -> 17.5).register(registry);
			Gauge.builder("shop.gone", () -> Double.NaN).register(registry);
			TimeGauge.builder("shop.age", seconds, TimeUnit.MINUTES, AtomicInteger::get).register(registry);
			Timer timer = Timer.builder("shop.pay").register(registry);
			timer.record(Duration.ofMillis(250));
			timer.record(Duration.ofMillis(750));
			Timer slow = Timer.builder("shop.ship")
				.publishPercentiles(0.5)
				.serviceLevelObjectives(Duration.ofMillis(100), Duration.ofSeconds(1))
				.register(registry);
			List.of(50, 60, 500, 5000).forEach((millis) -> slow.record(Duration.ofMillis(millis)));
			DistributionSummary size = DistributionSummary.builder("shop.size")
				.baseUnit("bytes")
				.serviceLevelObjectives(10, 100)
				.register(registry);
			List.of(1, 10, 11, 1000).forEach(size::record);
			running = LongTaskTimer.builder("shop.import").register(registry).start();
			FunctionCounter.builder("shop.seen", seconds, AtomicInteger::get).register(registry);
			FunctionTimer.builder("shop.calls", seconds, (s) -> 4, (s) -> 2000, TimeUnit.MILLISECONDS)
				.register(registry);
			Meter
				.builder("shop.odd", Meter.Type.OTHER,
						List.of(new Measurement(() -> 5.0, Statistic.VALUE),
								new Measurement(() -> 6.0, Statistic.UNKNOWN)))
				.register(registry);
			registry.counter("denied.counter").increment();
		}
		Map<String, Object> orders = point("shop.orders");
		assertThat(orders).contains(entry("value", 3.0), entry("metric_type", "counter"), entry("unit", "orders"),
				entry("description", "taken"), entry("service_name", "shop"));
		Map<String, Object> attributes = Rows.json(orders, "json");
		UUID.fromString(String.valueOf(Rows.json(orders, "resource_json").get("service.instance.id")));
		assertThat(Instant.parse(String.valueOf(attributes.remove("otel.start_time")))).isBetween(start, Instant.now());
		assertThat(attributes).containsOnly(entry("k", "v"), entry("region", "eu"));
		assertThat(Rows.json(orders, "metric_json")).containsOnly(entry("otel.temporality", "delta"),
				entry("otel.monotonic", true));
		assertThat(points("shop.idle")).isEmpty();
		assertThat(points("shop.gone")).isEmpty();
		assertThat(points("denied.counter")).isEmpty();
		assertThat(point("shop.stock")).contains(entry("value", 17.5), entry("metric_type", "gauge"));
		assertThat(Rows.json(point("shop.stock"), "json")).containsOnlyKeys("region");
		assertThat(point("shop.age")).contains(entry("value", 5400.0), entry("unit", "seconds"));
		assertThat(point("shop.pay")).contains(entry("count", 2L), entry("sum", 1.0), entry("max", 0.75),
				entry("metric_type", "summary"), entry("unit", "seconds"), entry("bucket_json", null));
		Map<String, Object> ship = point("shop.ship");
		assertThat(ship).contains(entry("count", 4L), entry("sum", 5.61), entry("max", 5.0),
				entry("metric_type", "histogram"));
		assertThat((String) ship.get("bucket_json")).isEqualTo(
				"[{\"count\": 2, \"boundary\": 0.1}, {\"count\": 1, \"boundary\": 1.0}, {\"count\": 1, \"boundary\": \"Infinity\"}]");
		assertThat((String) ship.get("quantile_json")).contains("\"quantile\": 0.5", "\"value\": 0.0");
		assertThat(point("shop.size"))
			.contains(entry("count", 4L), entry("sum", 1022.0), entry("max", 1000.0), entry("unit", "bytes"), entry(
					"bucket_json",
					"[{\"count\": 2, \"boundary\": 10.0}, {\"count\": 1, \"boundary\": 100.0}, {\"count\": 1, \"boundary\": \"Infinity\"}]"));
		assertThat(point("shop.import.tasks")).contains(entry("value", 1.0), entry("metric_type", "gauge"));
		assertThat((Double) point("shop.import.duration").get("value")).isPositive();
		assertThat((Double) point("shop.import.max").get("value")).isPositive();
		assertThat(point("shop.seen")).contains(entry("value", 90.0), entry("metric_type", "counter"));
		assertThat(point("shop.calls")).contains(entry("count", 4L), entry("sum", 2.0));
		assertThat(points("shop.odd"))
			.extracting((row) -> row.get("value") + " " + Rows.json(row, "json").get("statistic"))
			.containsExactly("5.0 value", "6.0 unknown");
		assertThat(running.duration(TimeUnit.SECONDS)).isNotNegative();
		assertThat(Rows.of(this.database, "SELECT name FROM observatory.metrics WHERE name LIKE 'observatory.%'"))
			.as("our own meters")
			.isEmpty();
	}

	@Test
	void eachStepHasWhatItAddedAndNoneHasNothing() {
		try (ConfigurableApplicationContext context = app().with("observatory.storage.capture.micrometer.step", "500ms")
			.with("observatory.storage.metrics.flush-interval", "500ms")
			.run()) {
			Counter counter = context.getBean(MeterRegistry.class).counter("shop.orders");
			counter.increment(2);
			await().untilAsserted(() -> assertThat(points("shop.orders")).hasSize(1));
			counter.increment(5);
			await().untilAsserted(() -> assertThat(points("shop.orders")).hasSize(2));
			assertThat(points("shop.orders")).extracting((row) -> row.get("value")).containsExactly(2.0, 5.0);
		}
		assertThat(points("shop.orders")).hasSize(2);
		assertThat(Rows.of(this.database, "SELECT 1 FROM observatory.metrics WHERE name = 'shop.orders'")).hasSize(1);
	}

	/**
	 * Spring Boot closes its registries when the application begins to stop, and the web
	 * server answers what it has begun after that.
	 */
	@Test
	void theLastStepHasTheRequestsThatWereUnderWayWhenTheApplicationStopped() throws InterruptedException {
		ConfigurableApplicationContext context = app().web().with(Shop.class).run();
		Shop shop = context.getBean(Shop.class);
		assertThat(get(context, "/orders").orTimeout(60, TimeUnit.SECONDS).join()).isEqualTo(200);
		CompletableFuture<Integer> answer = get(context, "/orders");
		assertThat(shop.begun.await(60, TimeUnit.SECONDS)).isTrue();
		CompletableFuture<Void> closed = CompletableFuture.runAsync(context::close);
		await().until(context::isClosed);
		shop.goesOn.release();
		assertThat(answer.orTimeout(60, TimeUnit.SECONDS).join()).isEqualTo(200);
		closed.orTimeout(60, TimeUnit.SECONDS).join();
		assertThat(point("shop.orders")).contains(entry("value", 2.0));
		assertThat(point("shop.new.orders")).contains(entry("count", 2L), entry("max", 3.0));
		assertThat(point("http.server.requests")).contains(entry("count", 2L));
	}

	private static CompletableFuture<Integer> get(ConfigurableApplicationContext context, String path) {
		int port = ((WebServerApplicationContext) context).getWebServer().getPort();
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build();
		return HttpClient.newHttpClient()
			.sendAsync(request, HttpResponse.BodyHandlers.discarding())
			.thenApply(HttpResponse::statusCode);
	}

	/** A function may go back, and an increment may be no number. */
	@Test
	void whatIsNoAdditionIsNotStored() {
		AtomicInteger seen = new AtomicInteger(100);
		try (ConfigurableApplicationContext context = app().run()) {
			MeterRegistry registry = context.getBean(ObservatoryMeterRegistry.class);
			FunctionCounter.builder("shop.back", seen, (number) -> -number.get()).register(registry);
			FunctionTimer.builder("shop.back.calls", seen, (s) -> -4, (s) -> -2000, TimeUnit.MILLISECONDS)
				.register(registry);
			registry.counter("shop.nan").increment(Double.NaN);
			registry.counter("shop.infinite").increment(Double.POSITIVE_INFINITY);
			registry.counter("shop.negative").increment(-5);
			registry.counter("shop.good").increment(5);
		}
		assertThat(Rows.of(this.database, "SELECT name FROM observatory.metrics WHERE name LIKE 'shop.%'"))
			.containsExactly(Map.of("name", "shop.good"));
	}

	/** One name, but another unit or kind: another metric. */
	@Test
	void metersOfOneNameThatDifferInUnitAreTwoMetrics() {
		try (ConfigurableApplicationContext context = app().run()) {
			MeterRegistry registry = context.getBean(ObservatoryMeterRegistry.class);
			Gauge.builder("shop.load", () -> 1).baseUnit("ms").tag("a", "1").register(registry);
			Gauge.builder("shop.load", () -> 2).baseUnit("bytes").tag("b", "1").register(registry);
		}
		assertThat(points("shop.load")).extracting((row) -> row.get("unit") + " " + row.get("value"))
			.containsExactlyInAnyOrder("ms 1.0", "bytes 2.0");
	}

	@Test
	void theRegistriesOfTheApplicationStayWhatTheyWere() {
		try (ConfigurableApplicationContext context = app().run()) {
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			registry.counter("shop.orders").increment(2);
			assertThat(context.getBean(SimpleMeterRegistry.class).get("shop.orders").counter().count()).isEqualTo(2);
			assertThat(registry.find("observatory.storage.records").functionCounters()).isNotEmpty();
		}
	}

	@Test
	void theyAreOffWithAMeterProviderUnlessAskedFor() {
		App withProvider = app().capturing("opentelemetry").with(Provider.class);
		try (ConfigurableApplicationContext context = withProvider.run()) {
			assertThat(context.getBeanNamesForType(ObservatoryMeterRegistry.class)).isEmpty();
		}
		try (ConfigurableApplicationContext context = withProvider
			.with("observatory.storage.capture.micrometer.enabled", true)
			.run()) {
			assertThat(context.getBeanNamesForType(ObservatoryMeterRegistry.class)).hasSize(1);
		}
	}

	@Test
	void switchedOffNothingIsStored() {
		try (ConfigurableApplicationContext context = app()
			.with("observatory.storage.capture.micrometer.enabled", false)
			.run()) {
			context.getBean(MeterRegistry.class).counter("shop.orders").increment();
			context.getBean(MetricWriter.class).flush();
		}
		assertThat(Rows.count(this.database, "metrics")).isZero();
		assertThat(Rows.count(this.database, "metric_data_points")).isZero();
	}

	/** Answers when it is told to, and counts then. */
	@RestController
	static class Shop {

		private final CountDownLatch begun = new CountDownLatch(2);

		/** The first is answered at once. */
		private final Semaphore goesOn = new Semaphore(1);

		private final MeterRegistry registry;

		Shop(MeterRegistry registry) {
			this.registry = registry;
		}

		@GetMapping("/orders")
		void order() throws InterruptedException {
			this.begun.countDown();
			if (this.goesOn.tryAcquire(60, TimeUnit.SECONDS)) {
				this.registry.counter("shop.orders").increment();
				this.registry.timer("shop.new.orders").record(Duration.ofSeconds(3));
			}
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Customized {

		@Bean
		MeterRegistryCustomizer<MeterRegistry> region() {
			return (registry) -> registry.config().commonTags("region", "eu");
		}

		@Bean
		MeterFilter denied() {
			return MeterFilter.denyNameStartsWith("denied");
		}

		@Bean
		Clock clock() {
			return Clock.SYSTEM;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Provider {

		@Bean
		SdkMeterProvider meterProvider() {
			return SdkMeterProvider.builder().build();
		}

	}

}
