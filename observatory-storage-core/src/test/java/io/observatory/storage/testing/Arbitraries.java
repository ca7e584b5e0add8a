package io.observatory.storage.testing;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.observatory.storage.model.Bucket;
import io.observatory.storage.model.Exemplar;
import io.observatory.storage.model.LogRecord;
import io.observatory.storage.model.Metric;
import io.observatory.storage.model.MetricDataPoint;
import io.observatory.storage.model.MetricType;
import io.observatory.storage.model.Quantile;
import io.observatory.storage.model.Score;
import io.observatory.storage.model.SpanEvent;
import io.observatory.storage.model.SpanKind;
import io.observatory.storage.model.SpanLink;
import io.observatory.storage.model.Status;
import io.observatory.storage.model.Trace;
import io.observatory.storage.model.TraceEvent;
import io.observatory.storage.model.TraceSpan;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

import static net.jqwik.api.Arbitraries.doubles;
import static net.jqwik.api.Arbitraries.frequency;
import static net.jqwik.api.Arbitraries.frequencyOf;
import static net.jqwik.api.Arbitraries.integers;
import static net.jqwik.api.Arbitraries.just;
import static net.jqwik.api.Arbitraries.lazy;
import static net.jqwik.api.Arbitraries.longs;
import static net.jqwik.api.Arbitraries.of;
import static net.jqwik.api.Arbitraries.strings;

/**
 * Valid records of every kind. Their keys are few, so that versions of one trace, span or
 * metric meet; no span id occurs under two traces, or with two kinds.
 */
public final class Arbitraries {

	private Arbitraries() {
	}

	/** Any record that a writer takes. */
	public static Arbitrary<Record> records() {
		return frequencyOf(Tuple.of(1, traces()), Tuple.of(6, spans()), Tuple.of(1, events()), Tuple.of(2, metrics()),
				Tuple.of(2, points()), Tuple.of(2, logs()), Tuple.of(3, scores()));
	}

	/** Text with all that is hard to store, and what only looks so. */
	public static Arbitrary<String> texts() {
		return frequencyOf(Tuple.of(6, strings().withCharRange('a', 'e').ofMaxLength(8)),
				Tuple.of(2, strings().all().ofMaxLength(20)),
				Tuple.of(2, strings().withChars("\0\uD83D\uDE42\\\"'{},\t\n\u0001\uFFFF%$ ").ofMaxLength(12)),
				Tuple.of(1, of("", "NULL", "null", "\\N", "{}", "\\u0000", "NaN", "🙂".repeat(2_000))));
	}

	/** Attributes of every type, nested. */
	public static Arbitrary<Map<String, Object>> attributes() {
		return texts().flatMap((key) -> values(2).map((value) -> Map.of(key, value, "fixed", 1)));
	}

	/** From 1970 on, with nanoseconds. */
	public static Arbitrary<Instant> times() {
		Arbitrary<Long> seconds = frequencyOf(
				Tuple.of(8, longs().between(Records.START.getEpochSecond(), Records.START.getEpochSecond() + 5)),
				Tuple.of(1, of(0L, 946_684_799L, 946_684_800L)));
		return Combinators.combine(seconds, integers().between(0, 999_999_999)).as(Instant::ofEpochSecond);
	}

	public static Arbitrary<TraceSpan> spans() {
		Arbitrary<Integer> trace = integers().between(0, 9);
		Arbitrary<Integer> span = integers().between(0, 11);
		return Combinators
			.combine(trace, span, span.optional(0.5), texts(), times(), times().optional(0.3), attributes(),
					durations().optional(0.3))
			.flatAs((t, s, parent, text, start, end, attributes, duration) -> Combinators
				.combine(of(Status.class), texts(), of("checkout", "cart"))
				.as((status, message, service) -> new TraceSpan(traceId(t), spanId(t, s),
						parent.map((p) -> spanId(t, p)).orElse(null), text, SpanKind.values()[s % 5], service, start,
						end.orElse(null), duration.orElse(null), status, (message.length() % 2 == 0) ? null : message,
						withResource(attributes, service),
						(s % 3 == 0) ? List.of() : List.of(new SpanEvent(text, start, attributes)),
						(s % 4 == 0) ? List.of(new SpanLink(traceId(t), spanId(t, s), attributes)) : List.of())));
	}

	public static Arbitrary<Trace> traces() {
		return Combinators
			.combine(integers().between(0, 11), of("checkout", "cart", "declared"), times(), times().optional(0.5),
					durations().optional(0.3), of(Status.class), texts().optional(0.5), attributes())
			.as((t, service, start, end, duration, status, text, attributes) -> new Trace(traceId(t), service, start,
					end.orElse(null), duration.orElse(null), status, text.orElse(null), text.orElse(null), attributes,
					(t % 2 == 0) ? Map.of() : attributes));
	}

	public static Arbitrary<TraceEvent> events() {
		return Combinators
			.combine(ids(), integers().between(0, 9), integers().between(0, 11), texts(), times(), attributes())
			.as((id, t, s, text, time, attributes) -> new TraceEvent(id, traceId(t), spanId(t, s), text, time,
					attributes));
	}

	/** Few things are judged, so that versions of a score meet, also at the same time. */
	public static Arbitrary<Score> scores() {
		Arbitrary<Double> values = frequencyOf(Tuple.of(3, of(-1.0, -0.0, 0.0, 0.5, 1.0)), Tuple.of(1, doubles()));
		return Combinators
			.combine(integers().between(0, 11), of("helpful", "correct \"提示\"", "nul \0 half \uD83D"),
					of(Score.Source.class), values.optional(0.7), texts().optional(0.3), texts(), times(),
					of("checkout", "cart"))
			.as((target, name, source, value, label, text, time, service) -> Score.builder()
				.traceId((target < 8) ? traceId(target / 2) : null)
				.spanId((target < 8 && target % 2 == 0) ? spanId(target / 2, target) : null)
				.conversationId((target == 8 || target == 9) ? traceId(target) : null)
				.responseId((target > 9) ? traceId(target - 2) : null)
				.name(name)
				.source(source)
				.value(value.orElse(null))
				.label(value.isEmpty() ? text : label.orElse(null))
				.comment((text.length() % 2 == 0) ? null : text)
				.timestamp(time)
				.serviceName(service)
				.build());
	}

	public static Arbitrary<Metric> metrics() {
		return Combinators
			.combine(metricNames(), of("checkout", "cart"), texts().optional(0.8), texts().optional(0.8),
					of(MetricType.class), attributes())
			.as((name, service, description, unit, type, attributes) -> new Metric(name, description.orElse(null),
					unit.orElse(null), type, service, attributes, attributes, null));
	}

	public static Arbitrary<MetricDataPoint> points() {
		return Combinators
			.combine(ids(), metricNames(), times(), reals().optional(0.8), reals(),
					longs().between(0, Long.MAX_VALUE).optional(0.5), attributes())
			.as((id, name, time, value, other, count, attributes) -> new MetricDataPoint(id, name, "checkout", time,
					value.orElse(null), count.orElse(null), other, value.orElse(null), other,
					List.of(new Bucket(other, count.orElse(0L))), List.of(new Quantile(0.5, other)),
					List.of(new Exemplar(other, time, traceId(1), null, attributes)), attributes, null));
	}

	public static Arbitrary<LogRecord> logs() {
		return Combinators
			.combine(ids(), times(), times().optional(0.5), texts().optional(0.8), integers().optional(0.5),
					integers().between(0, 255).optional(0.5), integers().between(0, 9).optional(0.5), attributes())
			.as((id, time, observed, text, severity, flags, t, attributes) -> new LogRecord(id, time,
					observed.orElse(null), severity.orElse(null), text.orElse(null), text.orElse(null), "checkout",
					t.map(Arbitraries::traceId).orElse(null), t.map((n) -> spanId(n, n)).orElse(null),
					flags.orElse(null), attributes, Map.of(), text.orElse(null), text.orElse(null), attributes));
	}

	private static Arbitrary<Object> values(int depth) {
		Arbitrary<Object> scalars = frequencyOf(Tuple.of(2, texts()), Tuple.of(1, longs()), Tuple.of(1, reals()),
				Tuple.of(1, of(true, false)), Tuple.of(1, net.jqwik.api.Arbitraries.bigDecimals().ofScale(20)),
				Tuple.of(1, times()));
		if (depth == 0) {
			return scalars;
		}
		Arbitrary<Object> inner = lazy(() -> values(depth - 1));
		return frequencyOf(Tuple.of(4, scalars), Tuple.of(1, inner.list().ofMaxSize(3)),
				Tuple.of(1, net.jqwik.api.Arbitraries.maps(texts(), inner).ofMaxSize(3)));
	}

	private static Arbitrary<Double> reals() {
		return frequencyOf(Tuple.of(4, doubles()), Tuple.of(1, of(Double.NaN, Double.POSITIVE_INFINITY, -0.0,
				Double.NEGATIVE_INFINITY, Double.MIN_VALUE, Double.MAX_VALUE)));
	}

	/** The longest is no duration that an end could follow from. */
	private static Arbitrary<Long> durations() {
		return frequencyOf(Tuple.of(5, longs().between(0, 10_000_000)), Tuple.of(1, just(Long.MAX_VALUE)));
	}

	private static Arbitrary<UUID> ids() {
		return Combinators.combine(longs(), longs()).as(UUID::new);
	}

	private static Arbitrary<String> metricNames() {
		return frequency(Tuple.of(3, "requests"), Tuple.of(2, "latency \"提示\""), Tuple.of(1, "nul \0 half \uD83D"));
	}

	private static Map<String, Object> withResource(Map<String, Object> attributes, String service) {
		return (service.length() % 2 == 0) ? Map.of("otel.resource", attributes, "n", 1) : attributes;
	}

	/** Hex in either case, and text. */
	private static String traceId(int number) {
		return switch (number % 3) {
			case 0 -> Records.traceId(number);
			case 1 -> Records.traceId(number).toUpperCase(java.util.Locale.ROOT);
			default -> "order " + number + " 🙂";
		};
	}

	private static String spanId(int trace, int number) {
		return (number % 2 == 0) ? Records.spanId(trace * 100L + number) : "step " + trace + "/" + number;
	}

}
