package io.observatory.storage.sample.demo;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

import io.observatory.storage.llm.ChatMessage;
import io.observatory.storage.llm.LlmInput;
import io.observatory.storage.llm.LlmLatency;
import io.observatory.storage.llm.LlmMetadata;
import io.observatory.storage.llm.LlmOutput;
import io.observatory.storage.llm.LlmSpan;
import io.observatory.storage.llm.price.LlmCost;
import io.observatory.storage.llm.price.TokenUsage;
import io.observatory.storage.model.LogRecord;
import io.observatory.storage.model.Metric;
import io.observatory.storage.model.MetricDataPoint;
import io.observatory.storage.model.MetricType;
import io.observatory.storage.model.Score;
import io.observatory.storage.model.SpanKind;
import io.observatory.storage.model.Status;
import io.observatory.storage.model.TraceSpan;

/**
 * Makes up conversations with a chat service. One in fifty fails, and of one in twenty
 * the user says whether the answer helped. Not thread-safe.
 */
final class DemoTraffic {

	private static final String SERVICE = "demo-chat";

	private static final String TOKENS = "gen_ai.client.token.usage";

	private static final String DURATION = "gen_ai.client.operation.duration";

	private static final int FAILS_ONE_IN = 50;

	private static final int SCORES_ONE_IN = 20;

	private static final Map<String, Object> RESOURCE = Map.of("service.name", SERVICE, "service.version", "1.4.2",
			"deployment.environment", "demo", "host.name", "demo-1");

	private final Clock clock;

	private final SplittableRandom random = new SplittableRandom();

	DemoTraffic(Clock clock) {
		this.clock = clock;
	}

	List<Metric> metrics() {
		return List.of(metric(TOKENS, "Tokens used", "{token}", MetricType.COUNTER),
				metric(DURATION, "Duration of calls", "s", MetricType.GAUGE));
	}

	private static Metric metric(String name, String description, String unit, MetricType type) {
		return Metric.builder()
			.name(name)
			.description(description)
			.unit(unit)
			.type(type)
			.serviceName(SERVICE)
			.resourceAttributes(RESOURCE)
			.build();
	}

	Conversation next() {
		Facts facts = facts();
		return new Conversation(server(facts), call(facts), tool(facts), logs(facts), points(facts), scores(facts));
	}

	private Facts facts() {
		Duration duration = Duration.ofMillis(this.random.nextLong(300, 6000));
		return new Facts(hex(16), hex(8), hex(8), hex(8), DemoModel.any(this.random), DemoText.question(this.random),
				DemoText.answer(this.random), this.clock.instant().minus(duration), duration,
				this.random.nextInt(FAILS_ONE_IN) == 0, "user-" + this.random.nextInt(500));
	}

	private String hex(int bytes) {
		byte[] id = new byte[bytes];
		this.random.nextBytes(id);
		return HexFormat.of().formatHex(id);
	}

	private static TraceSpan server(Facts facts) {
		return span(facts, facts.serverId(), "POST /chat", SpanKind.SERVER).startTime(facts.start())
			.endTime(facts.start().plus(facts.duration()))
			.attributes(Map.of("http.request.method", "POST", "url.path", "/chat", "http.response.status_code",
					facts.failed() ? 502 : 200, TraceSpan.RESOURCE, RESOURCE))
			.build();
	}

	private static TraceSpan tool(Facts facts) {
		Instant start = facts.start().plus(facts.duration().dividedBy(10));
		return span(facts, facts.toolId(), "execute_tool search_orders", SpanKind.INTERNAL)
			.parentSpanId(facts.serverId())
			.startTime(start)
			.endTime(start.plus(facts.duration().dividedBy(8)))
			.attributes(Map.of("gen_ai.operation.name", "execute_tool", "gen_ai.tool.name", "search_orders",
					TraceSpan.RESOURCE, RESOURCE))
			.build();
	}

	private static TraceSpan.Builder span(Facts facts, String spanId, String name, SpanKind kind) {
		return TraceSpan.builder()
			.traceId(facts.traceId())
			.spanId(spanId)
			.name(name)
			.kind(kind)
			.serviceName(SERVICE)
			.status(facts.failed() ? Status.ERROR : Status.OK);
	}

	private static LlmSpan call(Facts facts) {
		DemoModel model = facts.model();
		LlmSpan.Builder call = LlmSpan.builder()
			.traceId(facts.traceId())
			.spanId(facts.callId())
			.parentSpanId(facts.serverId())
			.name("chat " + model.model())
			.kind(SpanKind.CLIENT)
			.serviceName(SERVICE)
			.provider(model.provider())
			.model(model.model())
			.input(new LlmInput.Messages(
					List.of(ChatMessage.of("system", DemoText.SYSTEM), ChatMessage.of("user", facts.question()))))
			.latency(LlmLatency.of(facts.start().plus(facts.duration().dividedBy(4)), facts.duration().dividedBy(2),
					facts.duration().dividedBy(8), null))
			.metadata(LlmMetadata.builder().userId(facts.user()).environment("demo").build())
			.attributes(Map.of(TraceSpan.RESOURCE, RESOURCE));
		return facts.failed() ? call.errorType("rate_limit_exceeded").build() : answered(call, facts).build();
	}

	private static LlmSpan.Builder answered(LlmSpan.Builder call, Facts facts) {
		return call.output(LlmOutput.of(facts.answer(), "stop"))
			.usage(TokenUsage.of(facts.inputTokens(), facts.outputTokens()))
			.cost(LlmCost.usd(facts.model().inputCost(facts.inputTokens()),
					facts.model().outputCost(facts.outputTokens())));
	}

	private static List<LogRecord> logs(Facts facts) {
		return List.of(log(facts, 9, "INFO", "Chat request accepted", Duration.ZERO),
				log(facts, 5, "DEBUG", "Tool search_orders found 3 orders", facts.duration().dividedBy(4)),
				facts.failed() ? log(facts, 17, "ERROR", "The model's provider refused the call", facts.duration())
						: log(facts, 9, "INFO", "Chat request answered", facts.duration()));
	}

	private static LogRecord log(Facts facts, int severity, String severityText, String body, Duration after) {
		return LogRecord.builder()
			.timestamp(facts.start().plus(after))
			.observedTimestamp(facts.start().plus(after))
			.severityNumber(severity)
			.severityText(severityText)
			.body(body)
			.serviceName(SERVICE)
			.traceId(facts.traceId())
			.spanId(facts.serverId())
			.traceFlags(1)
			.attributes(Map.of("thread.name", "http-7", "user.id", facts.user()))
			.resourceAttributes(RESOURCE)
			.scopeName("demo.chat.ChatController")
			.build();
	}

	private static List<MetricDataPoint> points(Facts facts) {
		return List.of(point(facts, TOKENS, facts.inputTokens() + facts.outputTokens()),
				point(facts, DURATION, facts.duration().toMillis() / 1000.0));
	}

	private static MetricDataPoint point(Facts facts, String metric, double value) {
		return MetricDataPoint.builder()
			.metricName(metric)
			.serviceName(SERVICE)
			.timestamp(facts.start().plus(facts.duration()))
			.value(value)
			.attributes(Map.of("gen_ai.request.model", facts.model().model(), "gen_ai.provider.name",
					facts.model().provider()))
			.build();
	}

	private List<Score> scores(Facts facts) {
		if (this.random.nextInt(SCORES_ONE_IN) > 0) {
			return List.of();
		}
		boolean helpful = !facts.failed() && this.random.nextInt(5) > 0;
		return List.of(Score.builder()
			.traceId(facts.traceId())
			.spanId(facts.callId())
			.name("helpful")
			.source(Score.Source.USER)
			.value(helpful)
			.timestamp(facts.start().plus(facts.duration()))
			.serviceName(SERVICE)
			.build());
	}

	/** What one conversation is about. */
	private record Facts(String traceId, String serverId, String callId, String toolId, DemoModel model,
			String question, String answer, Instant start, Duration duration, boolean failed, String user) {

		long inputTokens() {
			return DemoText.tokens(DemoText.SYSTEM) + DemoText.tokens(this.question);
		}

		long outputTokens() {
			return this.failed ? 0 : DemoText.tokens(this.answer);
		}

	}

}
