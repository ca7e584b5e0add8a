package io.observatory.storage.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

import ch.qos.logback.classic.Logger;
import io.observatory.storage.bench.Usage.Cost;
import io.observatory.storage.capture.ai.ChatApplication;
import io.observatory.storage.capture.logback.LogbackCapture;
import io.observatory.storage.stats.WriteStats;
import io.observatory.storage.testing.App;
import io.observatory.storage.testing.Postgres;
import io.observatory.storage.writer.Writer;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import org.slf4j.LoggerFactory;

import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * What capture costs, in CPU and bytes, beside the same application without this library:
 * {@code mvn -Pbench-capture -pl observatory-storage-spring-boot-starter -am verify}
 * <p>
 * Applications run side by side, with capture and without, with a tracer and without, all
 * of them real ones on an embedded PostgreSQL. Capture is as it is by default, that of
 * meters included; an application without it has the same tracer and the same appender.
 * In each round each does its work by turns, and as often as {@code bench.at-a-time} says
 * what that left is committed, which is part of what it costs. Nothing may be dropped.
 * Costs are for each span or line that is stored, also those of the application without
 * capture. The first rounds warm up, until the compiler has little left to do. No round
 * is begun when {@code bench.seconds} are over, so a slow machine measures fewer.
 */
public final class CaptureBench implements AutoCloseable {

	private static final int WARM_UP_ROUNDS = Integer.getInteger("bench.warm-up", 4);

	private static final int AT_A_TIME = Integer.getInteger("bench.at-a-time", 100);

	private static final String WORKS = System.getProperty("bench.works", "");

	private static final int SECONDS = Integer.getInteger("bench.seconds", 240);

	private static final String LOGGING = "classpath:logback-bench.xml";

	private static final String NO_TRACER = "org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure."
			+ "OpenTelemetryTracingAutoConfiguration";

	private final String url = Postgres.url(Postgres.emptyDatabase());

	private final ConfigurableApplicationContext tracedWithout = app(true, false);

	private final ConfigurableApplicationContext traced = app(true, true);

	private final ConfigurableApplicationContext untracedWithout = app(false, false);

	private final ConfigurableApplicationContext untraced = app(false, true);

	private CaptureBench() {
	}

	public static void main(String[] args) throws Exception {
		Locale.setDefault(Locale.ROOT);
		int rounds = Integer.getInteger("bench.rounds", 7);
		// by an application that empties the database, so before the others
		ChatSpans.get();
		try (CaptureBench bench = new CaptureBench()) {
			new CaptureReport(bench.run(rounds)).write(Path.of(System.getProperty("bench.directory", "target/bench")));
		}
	}

	private ConfigurableApplicationContext app(boolean traced, boolean captured) {
		App app = App.onSharedDataSource(this.url)
			.with(ChatApplication.class)
			.with("spring.application.name", "shop")
			.with("logging.config", LOGGING)
			.with("management.tracing.sampling.probability", 1)
			// of the SDK's, which drops what it has no room for
			.with("management.opentelemetry.tracing.export.max-queue-size", 100_000)
			.with("observatory.storage.enabled", captured)
			// of the applications with capture one has the log lines
			.capturing(
					traced ? new String[] { "opentelemetry", "micrometer", "logback" } : new String[] { "micrometer" });
		return traced ? app.run() : app.with("spring.autoconfigure.exclude", NO_TRACER).run();
	}

	private Map<CapturedWork, List<Round>> run(int rounds) {
		Map<CapturedWork, List<Round>> measured = new EnumMap<>(CapturedWork.class);
		long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
		for (int round = -WARM_UP_ROUNDS; round < rounds && (round < 1 || System.nanoTime() < end); round++) {
			for (CapturedWork work : works()) {
				Round both = round(work, round % 2 == 0);
				if (round >= 0) {
					measured.computeIfAbsent(work, (key) -> new ArrayList<>()).add(both);
				}
			}
		}
		return measured;
	}

	private static List<CapturedWork> works() {
		return WORKS.isEmpty() ? List.of(CapturedWork.values())
				: Stream.of(WORKS.split(",")).map(CapturedWork::valueOf).toList();
	}

	private Round round(CapturedWork work, boolean withoutFirst) {
		Writer writer = application(work, true).getBean(work.writer());
		WriteStats before = writer.writeStats();
		Cost first = withoutFirst ? without(work) : with(work);
		Cost second = withoutFirst ? with(work) : without(work);
		WriteStats after = writer.writeStats();
		long stored = (after.stored() - before.stored()) / (work.isAlwaysStored() ? 2 : 1);
		if (after.stored() != after.accepted() || after.droppedTotal() != 0 || stored % work.times() != 0) {
			throw new IllegalStateException("Not all was stored: " + after);
		}
		return withoutFirst ? new Round(first.each(stored), second.each(stored))
				: new Round(second.each(stored), first.each(stored));
	}

	private ConfigurableApplicationContext application(CapturedWork work, boolean captured) {
		if (work.isTraced()) {
			return (captured || work.isAlwaysStored()) ? this.traced : this.tracedWithout;
		}
		return captured ? this.untraced : this.untracedWithout;
	}

	private Cost with(CapturedWork work) {
		return measure(work, application(work, true), work::run);
	}

	/** The appender is the whole process's. */
	private Cost without(CapturedWork work) {
		Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
		if (!root.detachAppender("observatory")) {
			throw new IllegalStateException("There was no capture of log lines");
		}
		try {
			return measure(work, application(work, false), work::runWithout);
		}
		finally {
			LogbackCapture.reattachAll();
		}
	}

	private static Cost measure(CapturedWork work, ConfigurableApplicationContext application,
			Consumer<ApplicationContext> once) {
		finish(application);
		System.gc();
		Usage begun = Usage.now();
		for (int i = 1; i <= work.times(); i++) {
			once.accept(application);
			if (i % AT_A_TIME == 0) {
				finish(application);
			}
		}
		// the SDK's forceFlush may return early when another one has just ended
		finish(application);
		return Usage.since(begun);
	}

	private static void finish(ConfigurableApplicationContext application) {
		application.getBeanProvider(SdkTracerProvider.class)
			.ifAvailable((tracers) -> tracers.forceFlush().join(30, TimeUnit.SECONDS));
		application.getBeanProvider(Writer.class).forEach(Writer::flush);
	}

	@Override
	public void close() {
		List.of(this.untraced, this.untracedWithout, this.traced, this.tracedWithout)
			.forEach(ConfigurableApplicationContext::close);
	}

	/**
	 * What both cost in a round.
	 *
	 * @param without without capture
	 * @param with with it
	 */
	record Round(Cost without, Cost with) {

		double micros() {
			return this.with.micros() - this.without.micros();
		}

		double bytes() {
			return this.with.bytes() - this.without.bytes();
		}

		double times() {
			return this.with.micros() / this.without.micros();
		}

		long ended() {
			return this.with.ended() + this.without.ended();
		}

	}

}
