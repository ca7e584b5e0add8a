package io.observatory.storage.capture;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.observation.ObservationRegistry;
import io.observatory.storage.testing.App;
import io.observatory.storage.testing.Documented;
import io.observatory.storage.testing.Postgres;
import io.observatory.storage.testing.Rows;
import io.observatory.storage.writer.Writer;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.jdbc.DataSourceBuilder;
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
 * A web application with actuator, Boot's OpenTelemetry starter and ours.
 */
class OpenTelemetryCaptureIT {

	private static final String LOGGER = "shop.Orders";

	private final String database = Postgres.migratedDatabase();

	private App app() {
		return withoutWeb().web().with(Shop.class);
	}

	private App withoutWeb() {
		return App.onSharedDataSource(Postgres.url(this.database))
			.capturing("opentelemetry", "logback", "micrometer")
			.with("spring.application.name", "shop")
			.with("management.tracing.sampling.probability", 1)
			.with("logging.level.shop", "info");
	}

	@Test
	void oneRequestIsOneTraceWithItsLogLinesAndMetrics() throws Exception {
		try (ConfigurableApplicationContext context = app().run()) {
			assertThat(get(context, "/orders/7")).isEqualTo("order 7");
			flush(context);
		}
		Map<String, Object> span = single("trace_spans",
				"SELECT s.*, s.attributes::text AS json FROM observatory.trace_spans s");
		assertThat(span).contains(entry("name", "http get /orders/{id}"), entry("kind", "server"),
				entry("service_name", "shop"), entry("parent_span_id", null), entry("status", "unset"));
		assertThat(Rows.json(span, "json")).contains(entry("uri", "/orders/{id}"), entry("method", "GET"),
				entry("status", "200"), entry("http.url", "/orders/7"));
		Map<String, Object> trace = single("traces", "SELECT * FROM observatory.traces");
		assertThat(trace).contains(entry("id", span.get("trace_id")), entry("root_span_name", "http get /orders/{id}"),
				entry("span_count", 1), entry("service_name", "shop"));
		assertThat(Rows.of(this.database,
				"SELECT body, trace_id, span_id, service_name, trace_flags::text AS flags FROM observatory.logs"
						+ " WHERE scope_name = ? ORDER BY timestamp, id",
				LOGGER))
			.containsExactly(line("asked for 7", trace, span), line("found 7", trace, span));
		assertThat(Rows.of(this.database, "SELECT count(*) AS n FROM observatory.logs WHERE trace_id IS NOT NULL"))
			.containsExactly(Map.of("n", 2L));
		List<Map<String, Object>> requests = Rows.of(this.database,
				"SELECT p.count, p.attributes::text AS json FROM observatory.metric_data_points p"
						+ " JOIN observatory.metrics m ON m.id = p.metric_id WHERE m.name = 'http.server.requests'");
		assertThat(requests).singleElement().satisfies((point) -> {
			assertThat(point).containsEntry("count", 1L);
			assertThat(Rows.json(point, "json")).contains(entry("uri", "/orders/{id}"), entry("status", "200"));
		});
		queriesOfThePageFindIt();
	}

	/**
	 * The queries of the page, on what one request left.
	 */
	private void queriesOfThePageFindIt() {
		Map<String, String> questions = Documented.sql("capture.md");
		// that of the calls of models is asked where there are some
		assertThat(questions).containsOnlyKeys("log-lines-of-requests", "cost-of-the-week", "requests-per-minute");
		assertThat(List.of("log-lines-of-requests", "requests-per-minute"))
			.allSatisfy((name) -> assertThat(Rows.of(this.database, questions.get(name))).as(name).isNotEmpty());
	}

	private static Map<String, Object> line(String body, Map<String, Object> trace, Map<String, Object> span) {
		return Map.of("body", body, "trace_id", trace.get("trace_id"), "span_id", span.get("span_id"), "service_name",
				"shop", "flags", "1");
	}

	private Map<String, Object> single(String table, String sql) {
		assertThat(Rows.count(this.database, table)).as(table).isOne();
		return Rows.of(this.database, sql).get(0);
	}

	@Test
	void atRestNothingIsStoredThoughTheDataSourceIsTraced() throws Exception {
		try (ConfigurableApplicationContext context = app().with(Traced.class)
			.with("observatory.storage.traces.flush-interval", "50ms")
			.with("observatory.storage.logs.flush-interval", "50ms")
			.with("observatory.storage.metrics.flush-interval", "50ms")
			.with("observatory.storage.capture.micrometer.step", "200ms")
			.with("management.opentelemetry.tracing.export.schedule-delay", "50ms")
			.with("logging.level.com.zaxxer.hikari", "debug")
			.with("logging.level.org.postgresql", "debug")
			.run()) {
			assertThat(context.getBean(DataSource.class)).isInstanceOf(TracedDataSource.class);
			flush(context);
			long atStart = spansOfConnections();
			context.getBean(DataSource.class).getConnection().close();
			flush(context);
			// the application's own use of it is seen: two spans, by the tracer and by
			// the observation
			assertThat(spansOfConnections() - atStart).isEqualTo(2);
			get(context, "/actuator/observatory");
			get(context, "/actuator/observatory/dead-letters");
			long spans = Rows.count(this.database, "trace_spans");
			String pool = context.getBean(DataSource.class).unwrap(HikariDataSource.class).getPoolName();
			List<Map<String, Object>> lines = lines(pool);
			await().untilAsserted(() -> {
				List<Map<String, Object>> series = series();
				long steps = publishedSteps();
				// each of them is flushed, by our own statements
				await().until(() -> publishedSteps() > steps + 3);
				assertThat(series()).as("no series is new").containsExactlyInAnyOrderElementsOf(series);
			});
			flush(context);
			assertThat(Rows.count(this.database, "trace_spans")).isEqualTo(spans);
			assertThat(lines(pool)).isEqualTo(lines);
			assertThat(Rows.of(this.database, "SELECT 1 FROM observatory.metrics WHERE name LIKE 'observatory.%'"))
				.isEmpty();
		}
	}

	/**
	 * The driver logs what this test itself does on its threads, and pools of other tests
	 * in this process go on with their housekeeping.
	 */
	private List<Map<String, Object>> lines(String pool) {
		return Rows.of(this.database, "SELECT scope_name, body, attributes->>'thread.name' AS thread"
				+ " FROM observatory.logs WHERE attributes->>'thread.name' !~ '^(main|awaitility)'"
				+ " AND (attributes->>'thread.name' NOT LIKE 'HikariPool-%' OR attributes->>'thread.name' LIKE '" + pool
				+ ":%') ORDER BY timestamp, id");
	}

	private long spansOfConnections() {
		return (Long) Rows
			.of(this.database, "SELECT count(*) AS n FROM observatory.trace_spans WHERE name LIKE '%connection%'")
			.get(0)
			.get("n");
	}

	/**
	 * The series but those of the virtual machine, which has new ones when it collects
	 * garbage.
	 */
	private List<Map<String, Object>> series() {
		return Rows.of(this.database,
				"SELECT DISTINCT m.name, (p.attributes - 'otel.start_time')::text AS series"
						+ " FROM observatory.metric_data_points p JOIN observatory.metrics m ON m.id = p.metric_id"
						+ " WHERE m.name NOT LIKE 'jvm.%'");
	}

	private long publishedSteps() {
		return Rows
			.of(this.database,
					"SELECT 1 FROM observatory.metric_data_points p"
							+ " JOIN observatory.metrics m ON m.id = p.metric_id WHERE m.name = 'process.uptime'")
			.size();
	}

	@Test
	void switchedOffNothingOfItIsStored() throws Exception {
		try (ConfigurableApplicationContext context = app()
			.with("observatory.storage.capture.opentelemetry.enabled", false)
			.with("observatory.storage.capture.logback.enabled", false)
			.with("observatory.storage.capture.micrometer.enabled", false)
			.run()) {
			get(context, "/orders/7");
			flush(context);
		}
		assertThat(List.of("traces", "trace_spans", "logs", "metrics", "metric_data_points"))
			.allSatisfy((table) -> assertThat(Rows.count(this.database, table)).as(table).isZero());
	}

	@Test
	void aSignalIsSwitchedOffAlone() {
		try (ConfigurableApplicationContext context = withoutWeb()
			.with("observatory.storage.capture.opentelemetry.spans", false)
			.run()) {
			span(context);
			Shop.logger.info("stored");
			flush(context);
		}
		assertThat(Rows.count(this.database, "trace_spans")).isZero();
		assertThat(Rows.of(this.database, "SELECT 1 FROM observatory.logs WHERE scope_name = ?", LOGGER)).hasSize(1);
	}

	@Test
	void ofTracesTheRatioIsStored() {
		try (ConfigurableApplicationContext context = withoutWeb()
			.with("observatory.storage.capture.sampling-ratio", 0.5)
			.run()) {
			TraceSampling sampling = new TraceSampling(0.5);
			List<String> kept = Stream.generate(() -> span(context)).limit(50).filter(sampling::keeps).toList();
			flush(context);
			assertThat(Rows.of(this.database, "SELECT trace_id FROM observatory.traces"))
				.extracting((row) -> row.get("trace_id"))
				.containsExactlyInAnyOrderElementsOf(kept);
			assertThat(kept).hasSizeBetween(1, 49);
		}
	}

	private static String span(ConfigurableApplicationContext context) {
		Span span = context.getBean(OpenTelemetry.class).getTracer("test").spanBuilder("work").startSpan();
		span.end();
		return span.getSpanContext().getTraceId();
	}

	@Test
	void metricsOfTheSdkAreStoredWithAMeterProviderOfTheApplication() {
		try (ConfigurableApplicationContext context = withoutWeb().with(Provider.class).run()) {
			OpenTelemetry openTelemetry = context.getBean(OpenTelemetry.class);
			openTelemetry.getMeter("shop").counterBuilder("orders").build().add(5);
			assertThat(context.getBean(SdkMeterProvider.class).forceFlush().join(30, TimeUnit.SECONDS).isSuccess())
				.isTrue();
			assertThat(Rows.of(this.database,
					"SELECT m.name, p.value FROM observatory.metric_data_points p JOIN observatory.metrics m"
							+ " ON m.id = p.metric_id WHERE m.name = 'orders'"))
				.containsExactly(Map.of("name", "orders", "value", 5.0));
		}
	}

	private static String get(ConfigurableApplicationContext context, String path)
			throws IOException, InterruptedException {
		int port = ((WebServerApplicationContext) context).getWebServer().getPort();
		return HttpClient.newHttpClient()
			.send(HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
				.timeout(Duration.ofSeconds(30))
				.build(), HttpResponse.BodyHandlers.ofString())
			.body();
	}

	/**
	 * The server span ends after the response is sent.
	 */
	private static void flush(ConfigurableApplicationContext context) {
		await().until(() -> {
			var requests = context.getBean(io.micrometer.core.instrument.MeterRegistry.class)
				.find("http.server.requests.active")
				.longTaskTimer();
			return requests == null || requests.activeTasks() == 0;
		});
		context.getBeansOfType(SdkTracerProvider.class)
			.values()
			.forEach((provider) -> assertThat(provider.forceFlush().join(30, TimeUnit.SECONDS).isSuccess()).isTrue());
		context.getBeansOfType(OpenTelemetrySdk.class)
			.values()
			.forEach((sdk) -> assertThat(sdk.getSdkLoggerProvider().forceFlush().join(30, TimeUnit.SECONDS).isSuccess())
				.isTrue());
		context.getBeanProvider(Writer.class).orderedStream().forEach(Writer::flush);
	}

	@Configuration(proxyBeanMethods = false)
	@RestController
	static class Shop {

		private static final Logger logger = LoggerFactory.getLogger(LOGGER);

		@GetMapping("/orders/{id}")
		String order(@org.springframework.web.bind.annotation.PathVariable("id") String id) {
			logger.info("asked for {}", id);
			logger.info("found {}", id);
			return "order " + id;
		}

	}

	/**
	 * The DataSource needs the tracer, whose exporter needs the writer, which needs the
	 * DataSource.
	 */
	@Configuration(proxyBeanMethods = false)
	static class Traced {

		@Bean
		DataSource dataSource(OpenTelemetry openTelemetry, ObservationRegistry observations,
				@org.springframework.beans.factory.annotation.Value("${spring.datasource.url}") String url) {
			return new TracedDataSource(DataSourceBuilder.create().url(url).build(), openTelemetry.getTracer("jdbc"),
					observations);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Provider {

		@Bean
		SdkMeterProvider meterProvider(MetricExporter exporter) {
			return SdkMeterProvider.builder()
				.registerMetricReader(PeriodicMetricReader.builder(exporter).setInterval(Duration.ofHours(1)).build())
				.build();
		}

	}

}
