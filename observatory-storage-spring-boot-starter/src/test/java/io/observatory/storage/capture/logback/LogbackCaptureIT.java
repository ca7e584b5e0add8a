package io.observatory.storage.capture.logback;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import ch.qos.logback.classic.LoggerContext;
import io.observatory.storage.buffer.DropReason;
import io.observatory.storage.session.Untraced;
import io.observatory.storage.stats.WriteStats;
import io.observatory.storage.testing.App;
import io.observatory.storage.testing.Postgres;
import io.observatory.storage.testing.Rows;
import io.observatory.storage.writer.LogWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.slf4j.MarkerFactory;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

/**
 * Log lines of a real application, which has no configuration of Logback for it.
 */
class LogbackCaptureIT {

	private static final String TRACE_ID = "0af7651916cd43dd8448eb211c80319c";

	private static final String SPAN_ID = "b7ad6b7169203331";

	private static final Logger shop = LoggerFactory.getLogger("shop.Checkout");

	private final String database = Postgres.migratedDatabase();

	private App app() {
		return App.onSharedDataSource(Postgres.url(this.database))
			.capturing("logback")
			.with("spring.application.name", "shop")
			.with("logging.level.shop", "trace");
	}

	private List<Map<String, Object>> stored() {
		return Rows.of(this.database, "SELECT *, attributes::text AS json, resource_attributes::text AS resource"
				+ " FROM observatory.logs WHERE scope_name LIKE 'shop.%' ORDER BY timestamp, id");
	}

	@Test
	void aLineIsStoredWithAllThatBelongsToIt() {
		try (ConfigurableApplicationContext context = app().run()) {
			MDC.put("traceId", TRACE_ID);
			MDC.put("spanId", SPAN_ID);
			MDC.put("tenant", "t-1");
			try {
				shop.atError()
					.addMarker(MarkerFactory.getMarker("AUDIT"))
					.addMarker(MarkerFactory.getMarker("PAYMENT"))
					.addKeyValue("amount", 12.5)
					.addKeyValue("currency", List.of("EUR"))
					.setCause(new IllegalStateException("no money", new RuntimeException("none at all")))
					.log("order {} failed", 7);
			}
			finally {
				MDC.clear();
			}
			shop.info("plain");
			context.getBean(LogWriter.class).flush();
			List<Map<String, Object>> rows = stored();
			assertThat(rows).hasSize(2);
			assertThat(rows.get(0)).contains(entry("body", "order 7 failed"), entry("severity_text", "ERROR"),
					entry("service_name", "shop"), entry("trace_id", TRACE_ID), entry("span_id", SPAN_ID),
					entry("scope_name", "shop.Checkout"));
			assertThat(rows.get(0).get("severity_number")).hasToString("17");
			assertThat(Rows.json(rows.get(0), "resource")).containsEntry("service.name", "shop");
			Map<String, Object> attributes = Rows.json(rows.get(0), "json");
			assertThat(String.valueOf(attributes.remove("exception.stacktrace")))
				.startsWith("java.lang.IllegalStateException: no money")
				.contains("at " + getClass().getName(), "Caused by: java.lang.RuntimeException: none at all");
			assertThat(attributes).containsOnly(entry("tenant", "t-1"), entry("amount", 12.5),
					entry("currency", "[EUR]"), entry("logback.marker", List.of("AUDIT", "PAYMENT")),
					entry("thread.name", Thread.currentThread().getName()),
					entry("exception.type", "java.lang.IllegalStateException"), entry("exception.message", "no money"));
			assertThat(rows.get(1)).contains(entry("body", "plain"), entry("trace_id", null), entry("span_id", null));
			assertThat(Rows.json(rows.get(1), "json"))
				.containsOnly(entry("thread.name", Thread.currentThread().getName()));
		}
	}

	@Test
	void theLevelsAreThoseOfOpenTelemetry() {
		try (ConfigurableApplicationContext context = app().run()) {
			shop.trace("1");
			shop.debug("5");
			shop.info("9");
			shop.warn("13");
			shop.error("17");
			context.getBean(LogWriter.class).flush();
			assertThat(stored()).hasSize(5)
				.allSatisfy((row) -> assertThat(row.get("severity_number")).hasToString((String) row.get("body")));
		}
	}

	@Test
	@Timeout(60)
	void theThreadThatLogsIsNeverHeldUpThoughWritersBlock() {
		try (ConfigurableApplicationContext context = app().with("observatory.storage.logs.max-buffer-rows", 10)
			.with("observatory.storage.logs.full-policy", "block")
			.with("observatory.storage.logs.block-timeout", "1h")
			.run()) {
			LogWriter writer = context.getBean(LogWriter.class);
			writer.flush();
			long earlier = writer.writeStats().accepted();
			writer.pause();
			for (int i = 0; i < 25; i++) {
				shop.info("line {}", i);
			}
			WriteStats stats = writer.writeStats();
			assertThat(stats.accepted() - earlier).isEqualTo(25);
			assertThat(stats.dropped()).containsEntry(DropReason.BUFFER_FULL, 15L);
			writer.resume();
			writer.flush();
			assertThat(stored()).extracting((row) -> row.get("body"))
				.containsExactly("line 0", "line 1", "line 2", "line 3", "line 4", "line 5", "line 6", "line 7",
						"line 8", "line 9");
		}
	}

	@Test
	void linesOfThisLibraryAndOfItsThreadsAreLeftOut() throws InterruptedException {
		try (ConfigurableApplicationContext context = app().run()) {
			LogWriter writer = context.getBean(LogWriter.class);
			LoggerFactory.getLogger("io.observatory.storage.sending.Lane").error("ours");
			LoggerFactory.getLogger("io.observatory.storage.engine.Drops").error("ours");
			Thread thread = Untraced.daemon(() -> shop.error("of the driver, on a thread of ours"),
					"observatory-logs-0");
			thread.start();
			thread.join();
			LoggerFactory.getLogger("io.observatory.storage.sample.Shop").error("a user's");
			writer.flush();
			assertThat(Rows.of(this.database, "SELECT body FROM observatory.logs WHERE scope_name LIKE 'io.observ%'"
					+ " OR scope_name LIKE 'shop%'"))
				.containsExactly(Map.of("body", "a user's"));
		}
	}

	@Test
	void aLineThatComesOfStoringALineIsNotStored() {
		try (ConfigurableApplicationContext context = app().run()) {
			shop.atError().addKeyValue("loud", new Object() {
				@Override
				public String toString() {
					shop.error("while a line is stored");
					throw new IllegalStateException("fails, too");
				}
			}).log("outer");
			context.getBean(LogWriter.class).flush();
			assertThat(stored()).singleElement().satisfies((row) -> {
				assertThat(row.get("body")).isEqualTo("outer");
				assertThat(Rows.json(row, "json")).containsEntry("loud", "[FAILED toString()]");
			});
		}
	}

	@Test
	void anApplicationThatStartsLaterInTheSameProcessDoesNotCutOffTheFirst() {
		LoggerContext logback = (LoggerContext) LoggerFactory.getILoggerFactory();
		int before = appenders(logback);
		try (ConfigurableApplicationContext first = app().run()) {
			App.onH2().run().close();
			// the end of that one lets this one configure Logback anew
			try (ConfigurableApplicationContext second = App.onH2().run()) {
				assertThat(second.isRunning()).isTrue();
				shop.info("first is there");
			}
			logback.getLogger("shop").setLevel(ch.qos.logback.classic.Level.INFO);
			shop.info("and still");
			first.getBean(LogWriter.class).flush();
			assertThat(stored()).extracting((row) -> row.get("body")).contains("and still");
			assertThat(appenders(logback)).isEqualTo(before + 1);
		}
		assertThat(appenders(logback)).isEqualTo(before);
		shop.info("nobody is there");
		assertThat(stored()).extracting((row) -> row.get("body")).doesNotContain("nobody is there");
	}

	private static int appenders(LoggerContext logback) {
		AtomicInteger count = new AtomicInteger();
		logback.getLogger(Logger.ROOT_LOGGER_NAME)
			.iteratorForAppenders()
			.forEachRemaining((appender) -> count.addAndGet(appender instanceof ObservatoryAppender ? 1 : 0));
		return count.get();
	}

	@Test
	void switchedOffNothingIsStored() {
		try (ConfigurableApplicationContext context = app().with("observatory.storage.capture.logback.enabled", false)
			.run()) {
			assertThat(context.getBeanNamesForType(LogbackCapture.class)).isEmpty();
			shop.error("not stored");
			context.getBean(LogWriter.class).flush();
			assertThat(Rows.count(this.database, "logs")).isZero();
		}
	}

	@Test
	void anAppenderIsFoundByItsClassAlsoInsideAnother() {
		assertThat(LogbackCapture.isAttached("ch.qos.logback.core.ConsoleAppender")).isTrue();
		assertThat(LogbackCapture.isAttached("io.opentelemetry.instrumentation.logback.appender.")).isFalse();
	}

}
