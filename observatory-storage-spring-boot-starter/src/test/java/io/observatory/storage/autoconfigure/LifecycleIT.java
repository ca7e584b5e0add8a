package io.observatory.storage.autoconfigure;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

import com.zaxxer.hikari.HikariDataSource;
import io.observatory.storage.buffer.DropReason;
import io.observatory.storage.model.LogRecord;
import io.observatory.storage.model.Metric;
import io.observatory.storage.model.MetricType;
import io.observatory.storage.model.Status;
import io.observatory.storage.model.Trace;
import io.observatory.storage.spring.StorageLifecycle;
import io.observatory.storage.stats.WriteStats;
import io.observatory.storage.stats.WriterStatus;
import io.observatory.storage.testing.App;
import io.observatory.storage.testing.Logs;
import io.observatory.storage.testing.Postgres;
import io.observatory.storage.testing.TcpProxy;
import io.observatory.storage.writer.LogWriter;
import io.observatory.storage.writer.MetricWriter;
import io.observatory.storage.writer.TraceWriter;
import io.observatory.storage.writer.Writer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The end of an application.
 */
class LifecycleIT {

	private static final String SLOW_FLUSHES = "1h";

	private String database;

	private JdbcTemplate jdbc;

	@BeforeEach
	void database() {
		this.database = Postgres.migratedDatabase();
		this.jdbc = Postgres.jdbc(this.database);
	}

	@Test
	void stopsAfterTheWebServerAndCannotBePaused() {
		try (ConfigurableApplicationContext context = app().web().run()) {
			StorageLifecycle ours = context.getBean(StorageLifecycle.class);
			assertThat(ours.isPauseable()).isFalse();
			assertThat(context.getBeansOfType(SmartLifecycle.class).entrySet())
				.filteredOn((bean) -> bean.getKey().startsWith("webServer"))
				.hasSizeGreaterThanOrEqualTo(2)
				.allSatisfy((bean) -> assertThat(bean.getValue().getPhase()).as(bean.getKey())
					.isGreaterThan(ours.getPhase()));
		}
	}

	@Test
	void aRequestInFlightWritesAtItsEndAndAllIsStored() throws Exception {
		ConfigurableApplicationContext context = app().web().with(SlowRequest.class).run();
		SlowRequest request = context.getBean(SlowRequest.class);
		LogWriter writer = context.getBean(LogWriter.class);
		writer.writeLogs(request.before);
		int port = ((WebServerApplicationContext) context).getWebServer().getPort();
		CompletableFuture<HttpResponse<String>> response = HttpClient.newHttpClient()
			.sendAsync(HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/slow")).build(),
					HttpResponse.BodyHandlers.ofString());
		request.entered.await();
		Thread shutdown = new Thread(context::close);
		shutdown.start();
		await().until(() -> refusesConnections(port));
		assertThat(context.getBean(HikariDataSource.class).isClosed()).isFalse();
		request.mayEnd.countDown();
		assertThat(response.join().statusCode()).isEqualTo(200);
		shutdown.join();
		Logs.assertStored(this.jdbc, writer, concat(request.before, request.atItsEnd));
		assertThat(writer.status().state()).isEqualTo(WriterStatus.State.CLOSED);
	}

	private static boolean refusesConnections(int port) {
		try (java.net.Socket socket = new java.net.Socket("localhost", port)) {
			return false;
		}
		catch (IOException ex) {
			return true;
		}
	}

	@Test
	void whatABeanWritesWhileItIsDestroyedIsStored() {
		LogWriter writer;
		LastWords lastWords;
		try (ConfigurableApplicationContext context = app().with(LastWords.class).run()) {
			writer = context.getBean(LogWriter.class);
			lastWords = context.getBean(LastWords.class);
		}
		Logs.assertStored(this.jdbc, writer, lastWords.logs);
	}

	@Test
	void ownPoolIsClosedAfterTheWriters() {
		ConfigurableApplicationContext context = App.onOwnPool(Postgres.url(this.database))
			.with("observatory.storage.logs.flush-interval", SLOW_FLUSHES)
			.run();
		LogWriter writer = context.getBean(LogWriter.class);
		List<LogRecord> logs = Logs.logs(100);
		writer.writeLogs(logs);
		context.close();
		Logs.assertStored(this.jdbc, writer, logs);
	}

	@Test
	void aDatabaseThatIsGoneHoldsUpTheEndForOneDeadlineNotThree() throws IOException {
		try (TcpProxy proxy = new TcpProxy(Postgres.port())) {
			proxy.open();
			ConfigurableApplicationContext context = App.onOwnPool(Postgres.url(this.database, proxy.port()))
				.with("observatory.storage.datasource.connection-timeout", "250ms")
				.with("observatory.storage.close-timeout", "4s")
				.run();
			proxy.close();
			LogWriter logs = context.getBean(LogWriter.class);
			MetricWriter metrics = context.getBean(MetricWriter.class);
			TraceWriter traces = context.getBean(TraceWriter.class);
			logs.writeLogs(Logs.logs(100));
			metrics.writeMetric(Metric.builder().name("m").type(MetricType.GAUGE).serviceName("test").build());
			traces.writeTrace(Trace.builder()
				.traceId("t")
				.serviceName("test")
				.startTime(Instant.now())
				.status(Status.OK)
				.build());
			long start = System.nanoTime();
			context.close();
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
			assertThat(List.<Writer>of(logs, metrics, traces)).allSatisfy((closed) -> {
				WriteStats stats = Logs.assertConserved(closed);
				assertThat(stats.buffered() + stats.inFlight()).isZero();
				assertThat(stats.dropped()).containsEntry(DropReason.CLOSED, stats.accepted());
			});
			assertThat(logs.writeStats().accepted()).isEqualTo(100);
		}
	}

	private App app() {
		return App.onSharedDataSource(Postgres.url(this.database))
			.with("observatory.storage.logs.flush-interval", SLOW_FLUSHES);
	}

	private static List<LogRecord> concat(List<LogRecord> first, List<LogRecord> second) {
		return java.util.stream.Stream.concat(first.stream(), second.stream()).toList();
	}

	@RestController
	@Configuration(proxyBeanMethods = false)
	static class SlowRequest {

		private final CountDownLatch entered = new CountDownLatch(1);

		private final CountDownLatch mayEnd = new CountDownLatch(1);

		private final List<LogRecord> before = Logs.logs(5);

		private final List<LogRecord> atItsEnd = Logs.logs(2);

		private final LogWriter writer;

		SlowRequest(LogWriter writer) {
			this.writer = writer;
		}

		@GetMapping("/slow")
		String slow() throws InterruptedException {
			this.entered.countDown();
			this.mayEnd.await();
			this.writer.writeLogs(this.atItsEnd);
			return "done";
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class LastWords {

		private final List<LogRecord> logs = Logs.logs(3);

		@Bean
		DisposableBean lastWord(LogWriter writer) {
			return () -> writer.writeLogs(this.logs);
		}

	}

}
