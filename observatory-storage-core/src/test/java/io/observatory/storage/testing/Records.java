package io.observatory.storage.testing;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import io.observatory.storage.model.LogRecord;
import io.observatory.storage.model.Metric;
import io.observatory.storage.model.MetricDataPoint;
import io.observatory.storage.model.MetricType;
import io.observatory.storage.model.Score;
import io.observatory.storage.model.SpanEvent;
import io.observatory.storage.model.SpanKind;
import io.observatory.storage.model.SpanLink;
import io.observatory.storage.model.Status;
import io.observatory.storage.model.TraceSpan;

/**
 * Records as an application would write them, numbered.
 */
public final class Records {

	public static final Instant START = Instant.parse("2026-03-29T00:59:59.123456789Z");

	private Records() {
	}

	public static String traceId(long number) {
		return "4bf92f3577b34da6%016x".formatted(number);
	}

	public static String spanId(long number) {
		return "%016x".formatted(number + 1);
	}

	public static LogRecord log(long number) {
		return LogRecord.builder()
			.timestamp(START.plusMillis(number))
			.observedTimestamp(START.plusMillis(number + 3))
			.severityNumber((int) (number % 24) + 1)
			.severityText("INFO")
			.body("Request " + number + " answered – 提示 🙂")
			.serviceName("checkout")
			.traceId(traceId(number))
			.spanId(spanId(number))
			.traceFlags(1)
			.attributes(Map.of("http.route", "/orders/{id}", "http.status_code", 200, "retry", false))
			.resourceAttributes(Map.of("service.name", "checkout", "host.name", "a1"))
			.scopeName("io.example.Orders")
			.scopeVersion("1.2")
			.build();
	}

	public static Metric metric(String name) {
		return Metric.builder()
			.name(name)
			.description("Requests answered")
			.unit("{request}")
			.type(MetricType.COUNTER)
			.serviceName("checkout")
			.build();
	}

	public static MetricDataPoint point(String metric, long number) {
		return MetricDataPoint.builder()
			.metricName(metric)
			.serviceName("checkout")
			.timestamp(START.plusMillis(number))
			.value((double) number)
			.attributes(Map.of("route", "/orders", "shard", number % 7))
			.build();
	}

	/** The number is in its trace id, its span id and its value. */
	public static Score score(long number) {
		return Score.builder()
			.traceId(traceId(number))
			.spanId(spanId(number))
			.name("helpful")
			.source(Score.Source.USER)
			.value(number)
			.comment("Answer " + number + " – 提示 🙂")
			.timestamp(START.plusMillis(number))
			.serviceName("checkout")
			.build();
	}

	public static TraceSpan span(long trace, long number) {
		return TraceSpan.builder()
			.traceId(traceId(trace))
			.spanId(spanId(number))
			.name("chat " + number)
			.kind(SpanKind.CLIENT)
			.serviceName("checkout")
			.startTime(START.plusMillis(number))
			.endTime(START.plusMillis(number + 250))
			.status(Status.OK)
			.attributes(Map.of("gen_ai.request.model", "m-1", "gen_ai.usage.input_tokens", 120))
			.events(List.of(new SpanEvent("first token", START.plusMillis(number + 20), Map.of("n", 1))))
			.links(List.of(new SpanLink(traceId(trace), spanId(number), Map.of())))
			.build();
	}

}
