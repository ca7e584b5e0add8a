package io.observatory.storage.bench;

import java.util.function.Consumer;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.observatory.storage.capture.opentelemetry.ObservatorySpanExporter;
import io.observatory.storage.capture.opentelemetry.SpansAsSent;
import io.observatory.storage.writer.LogWriter;
import io.observatory.storage.writer.TraceWriter;
import io.observatory.storage.writer.Writer;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Scope;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.context.ApplicationContext;

/**
 * What an application does that is captured.
 */
enum CapturedWork {

	/**
	 * Calls of a chat client, which Spring AI observes; no tracer.
	 */
	CHAT("span: chat, no tracer", false, TraceWriter.class, 5_000, 20, 4096, CapturedWork::chat),

	/**
	 * The same with a tracer: its spans get Spring AI's values, and are exported.
	 */
	TRACED_CHAT("span: chat, tracer", true, TraceWriter.class, 5_000, 20, 4096, CapturedWork::chat),

	/**
	 * Traces of OpenTelemetry, of ten spans with ten attributes, exported in-process.
	 */
	SPAN("span: OpenTelemetry", true, TraceWriter.class, 3_000, 20, 4096, CapturedWork::trace),

	/**
	 * Log lines with two arguments, a hundred within a span.
	 */
	LOG("log line: Logback", true, LogWriter.class, 1_000, 5, Double.NaN, CapturedWork::logLines),

	/**
	 * Spans of a chat given to the exporter, beside the same stored with the names that
	 * they came with: what it costs that calls of models are understood.
	 */
	UNDERSTOOD("span: chat, understood", true, TraceWriter.class, 10_000, Double.NaN, Double.NaN, CapturedWork::export);

	private static final Logger logger = LoggerFactory.getLogger("shop.Checkout");

	private static final int SPANS = 10;

	private static final int LINES = 100;

	private final String text;

	private final boolean traced;

	private final Class<? extends Writer> writer;

	private final int times;

	private final double microsAim;

	private final double bytesAim;

	private final Consumer<ApplicationContext> work;

	CapturedWork(String text, boolean traced, Class<? extends Writer> writer, int times, double microsAim,
			double bytesAim, Consumer<ApplicationContext> work) {
		this.text = text;
		this.traced = traced;
		this.writer = writer;
		this.times = times;
		this.microsAim = microsAim;
		this.bytesAim = bytesAim;
		this.work = work;
	}

	/** Returns what it is called in the report. */
	String text() {
		return this.text;
	}

	/** Returns whether the application has a tracer. */
	boolean isTraced() {
		return this.traced;
	}

	/** Returns the writer that gets what it leaves. */
	Class<? extends Writer> writer() {
		return this.writer;
	}

	/** Returns how often it is done in a cell. */
	int times() {
		return this.times;
	}

	/** Returns the most CPU that capture may take of each, in microseconds. */
	double microsAim() {
		return this.microsAim;
	}

	/** Returns the most bytes that capture may allocate for each, NaN if any. */
	double bytesAim() {
		return this.bytesAim;
	}

	/** Returns whether it stores spans without capture, too. */
	boolean isAlwaysStored() {
		return this == UNDERSTOOD;
	}

	/** Does without capture what {@link #run} does with it. */
	void runWithout(ApplicationContext application) {
		if (this == UNDERSTOOD) {
			SpansAsSent.store(ChatSpans.get(), application.getBean(TraceWriter.class));
		}
		else {
			run(application);
		}
	}

	/** Does it once. */
	void run(ApplicationContext application) {
		this.work.accept(application);
	}

	private static void chat(ApplicationContext application) {
		application.getBean(ChatClient.class).prompt("What is the weather in Rome?").call().content();
	}

	private static void export(ApplicationContext application) {
		if (!application.getBean(ObservatorySpanExporter.class).export(ChatSpans.get()).isSuccess()) {
			throw new IllegalStateException("No room");
		}
	}

	private static void trace(ApplicationContext application) {
		Tracer tracer = application.getBean(OpenTelemetry.class).getTracer("shop");
		Span root = span(tracer, 0);
		try (Scope ignored = root.makeCurrent()) {
			for (int i = 1; i < SPANS; i++) {
				span(tracer, i).end();
			}
		}
		root.end();
	}

	private static Span span(Tracer tracer, int number) {
		return tracer.spanBuilder("GET /orders/{id}")
			.setSpanKind(SpanKind.SERVER)
			.setAttribute("http.request.method", "GET")
			.setAttribute("http.route", "/orders/{id}")
			.setAttribute("http.response.status_code", 200)
			.setAttribute("url.scheme", "https")
			.setAttribute("url.path", "/orders/" + number)
			.setAttribute("server.address", "shop.example.com")
			.setAttribute("client.address", "192.0.2.17")
			.setAttribute("user_agent.original", "Mozilla/5.0 (X11; Linux x86_64)")
			.setAttribute("network.protocol.version", "1.1")
			.setAttribute("enduser.id", "u" + number)
			.startSpan();
	}

	private static void logLines(ApplicationContext application) {
		Observation.createNotStarted("checkout", application.getBean(ObservationRegistry.class)).observe(() -> {
			for (int i = 0; i < LINES; i++) {
				logger.info("Order {} of customer {} is paid", i, "u" + i);
			}
		});
	}

}
