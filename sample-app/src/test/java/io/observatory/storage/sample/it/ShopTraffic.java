package io.observatory.storage.sample.it;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.logs.Logger;
import io.opentelemetry.api.logs.Severity;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.http.logs.OtlpHttpLogRecordExporter;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.logs.export.BatchLogRecordProcessor;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.IdGenerator;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The traffic of a shop with a chat, sent by the real SDK: requests that call a model
 * which calls a tool, their log lines and metrics; and traces as nobody wants them.
 */
final class ShopTraffic implements AutoCloseable {

	static final String SCRIPT = "<script>document.title = 'taken'</script>";

	static final String IMAGE = "\"><img src=x onerror=\"document.title = 'taken'\">";

	/** From here on everything runs from right to left, if one lets it. */
	static final String RIGHT_TO_LEFT = "abc \u202Egnp.exe \u2067\u0645\u0631\u062D\u0628\u0627";

	static final int LARGE = 100_000;

	static final int MANY_SPANS = 5_000;

	private final Ids ids = new Ids();

	private final SdkTracerProvider traces;

	private final SdkLoggerProvider logs;

	private final SdkMeterProvider metrics;

	private final Tracer tracer;

	private final Logger logger;

	ShopTraffic(SampleProcess sample) {
		Resource resource = Resource
			.create(Attributes.builder().put("service.name", "shop").put("service.instance.id", "shop-1").build());
		this.traces = SdkTracerProvider.builder()
			.setResource(resource)
			.setIdGenerator(this.ids)
			.addSpanProcessor(BatchSpanProcessor
				.builder(OtlpHttpSpanExporter.builder().setEndpoint(sample.uri("/v1/traces").toString()).build())
				.setMaxQueueSize(3 * MANY_SPANS)
				.build())
			.build();
		this.logs = SdkLoggerProvider.builder()
			.setResource(resource)
			.addLogRecordProcessor(BatchLogRecordProcessor
				.builder(OtlpHttpLogRecordExporter.builder().setEndpoint(sample.uri("/v1/logs").toString()).build())
				.build())
			.build();
		this.metrics = SdkMeterProvider.builder()
			.setResource(resource)
			.registerMetricReader(PeriodicMetricReader
				.builder(OtlpHttpMetricExporter.builder().setEndpoint(sample.uri("/v1/metrics").toString()).build())
				.setInterval(Duration.ofHours(1))
				.build())
			.build();
		this.tracer = this.traces.get("shop.browser");
		this.logger = this.logs.get("shop.browser");
	}

	/** Requests spread over the last half hour; every tenth fails. */
	void requests(int count) {
		Instant now = Instant.now();
		for (int i = 0; i < count; i++) {
			request(i, now.minus(Duration.ofMinutes(30)).plus(Duration.ofMinutes(28).multipliedBy(i).dividedBy(count)));
		}
		Meter meter = this.metrics.get("shop.browser");
		var orders = meter.counterBuilder("shop.orders").setUnit("{order}").setDescription("Orders taken").build();
		var latency = meter.histogramBuilder("shop.checkout.duration").setUnit("s").build();
		for (int round = 1; round <= 4; round++) {
			for (int i = 0; i < 50; i++) {
				orders.add(round, Attributes.builder().put("country", (i % 3 == 0) ? "CH" : "NZ").build());
				latency.record(0.01 * (i + 1) * round);
			}
			assertThat(this.metrics.forceFlush().join(60, TimeUnit.SECONDS).isSuccess()).isTrue();
		}
	}

	private void request(int number, Instant start) {
		boolean failed = number % 10 == 7;
		Span server = this.tracer.spanBuilder("POST /chat")
			.setSpanKind(SpanKind.SERVER)
			.setStartTimestamp(start)
			.startSpan();
		server.setAttribute("http.request.method", "POST").setAttribute("http.route", "/chat");
		Span chat = child(server, "chat gpt-4o-mini", SpanKind.CLIENT, start.plusMillis(20));
		chat.setAttribute("gen_ai.operation.name", "chat")
			.setAttribute("gen_ai.provider.name", "openai")
			.setAttribute("gen_ai.request.model", (number % 3 == 0) ? "gpt-4o" : "gpt-4o-mini")
			.setAttribute("gen_ai.usage.input_tokens", 400 + number)
			.setAttribute("gen_ai.usage.output_tokens", 40 + number % 7)
			.setAttribute("llm.cost.amount_usd", 0.00125 + number * 0.00001)
			.setAttribute("gen_ai.conversation.id", "conversation-" + number % 5)
			.setAttribute("user.id", "user-" + number % 4)
			.setAttribute(AttributeKey.stringArrayKey("gen_ai.response.finish_reasons"), List.of("stop"))
			.setAttribute("gen_ai.input.messages",
					"[{\"role\": \"user\", \"parts\": [{\"type\": \"text\", \"content\": \"Where is order " + number
							+ "?\"}]}]")
			.setAttribute("gen_ai.output.messages",
					"[{\"role\": \"assistant\", \"parts\": [{\"type\": \"text\", \"content\": \"It arrives on Monday.\"}], \"finish_reason\": \"stop\"}]");
		Span tool = child(chat, "execute_tool order_status", SpanKind.INTERNAL, start.plusMillis(60));
		tool.setAttribute("gen_ai.operation.name", "execute_tool").setAttribute("gen_ai.tool.name", "order_status");
		Span database = child(tool, "SELECT orders", SpanKind.CLIENT, start.plusMillis(70));
		database.setAttribute("db.system.name", "postgresql").addEvent("rows read", start.plusMillis(75));
		database.end(start.plusMillis(80));
		tool.end(start.plusMillis(90));
		if (failed) {
			chat.setStatus(StatusCode.ERROR, "the model is overloaded").setAttribute("error.type", "overloaded");
			server.setStatus(StatusCode.ERROR);
		}
		chat.end(start.plusMillis(300 + 17L * (number % 40)));
		server.end(start.plusMillis(330 + 17L * (number % 40)));
		this.logger.logRecordBuilder()
			.setTimestamp(start.plusMillis(100))
			.setContext(Context.root().with(chat))
			.setSeverity(failed ? Severity.ERROR : Severity.INFO)
			.setSeverityText(failed ? "ERROR" : "INFO")
			.setBody(failed ? "Chat " + number + " failed: overloaded" : "Chat " + number + " answered")
			.setAttribute(AttributeKey.stringKey("order.id"), "o-" + number)
			.emit();
	}

	private Span child(Span parent, String name, SpanKind kind, Instant start) {
		return this.tracer.spanBuilder(name)
			.setParent(Context.root().with(parent))
			.setSpanKind(kind)
			.setStartTimestamp(start)
			.startSpan();
	}

	/** A trace of hostile texts. Returns its id. */
	String hostile() {
		Span span = this.tracer.spanBuilder(SCRIPT).setSpanKind(SpanKind.SERVER).startSpan();
		span.setAttribute(IMAGE, IMAGE)
			.setAttribute("script", SCRIPT)
			.setAttribute("rtl", RIGHT_TO_LEFT)
			.setAttribute("large", "x".repeat(LARGE))
			.setAttribute("gen_ai.operation.name", "chat")
			.setAttribute("gen_ai.request.model", SCRIPT)
			.setAttribute("gen_ai.input.messages",
					"[{\"role\": \"user\", \"parts\": [{\"type\": \"text\", \"content\": \"<script>document.title = 'taken'</script>\"}]}]")
			.addEvent(IMAGE, Attributes.builder().put(SCRIPT, IMAGE).build());
		span.setStatus(StatusCode.ERROR, IMAGE);
		this.logger.logRecordBuilder()
			.setTimestamp(Instant.now())
			.setContext(Context.root().with(span))
			.setSeverity(Severity.WARN)
			.setBody(SCRIPT + IMAGE + RIGHT_TO_LEFT)
			.emit();
		span.end();
		return span.getSpanContext().getTraceId();
	}

	/** A trace of many spans, four levels deep. Returns its id. */
	String large() {
		Instant start = Instant.now().minusSeconds(60);
		Span root = this.tracer.spanBuilder("nightly batch").setStartTimestamp(start).startSpan();
		Span[] path = { root, root, root, root };
		for (int i = 1; i < MANY_SPANS; i++) {
			int depth = (i % 20 == 1) ? 1 : (i % 5 == 1) ? 2 : 3;
			Span span = child(path[depth - 1], "step " + i, SpanKind.INTERNAL, start.plusMillis(i * 10L));
			path[depth] = span;
			if (depth == 1) {
				path[2] = span;
			}
			span.end(start.plusMillis(i * 10L + 9));
		}
		root.end(start.plusMillis(MANY_SPANS * 10L));
		return root.getSpanContext().getTraceId();
	}

	/**
	 * A trace with a circle, a span that is its own parent, and an orphan. Returns its
	 * id.
	 */
	String knotted() {
		String trace = IdGenerator.random().generateTraceId();
		knot(trace, "00000000000000a1", "00000000000000b1", "circle one");
		knot(trace, "00000000000000b1", "00000000000000a1", "circle two");
		knot(trace, "00000000000000c1", "00000000000000c1", "its own parent");
		knot(trace, "00000000000000d1", "00000000000000ff", "orphan");
		knot(trace, "00000000000000e1", "00000000000000d1", "child of the orphan");
		return trace;
	}

	private void knot(String trace, String id, String parent, String name) {
		this.ids.next.add(id);
		SpanContext context = SpanContext.createFromRemoteParent(trace, parent, TraceFlags.getSampled(),
				TraceState.getDefault());
		this.tracer.spanBuilder(name).setParent(Context.root().with(Span.wrap(context))).startSpan().end();
	}

	/** Has everything arrive. */
	void flush() {
		assertThat(this.traces.forceFlush().join(60, TimeUnit.SECONDS).isSuccess()).as("spans arrive").isTrue();
		assertThat(this.logs.forceFlush().join(60, TimeUnit.SECONDS).isSuccess()).as("logs arrive").isTrue();
	}

	@Override
	public void close() {
		this.traces.close();
		this.logs.close();
		this.metrics.close();
	}

	/** Ids that a test chose, then random ones. */
	private static final class Ids implements IdGenerator {

		private final Deque<String> next = new ArrayDeque<>();

		@Override
		public String generateSpanId() {
			String chosen = this.next.poll();
			return (chosen != null) ? chosen : IdGenerator.random().generateSpanId();
		}

		@Override
		public String generateTraceId() {
			return IdGenerator.random().generateTraceId();
		}

	}

}
