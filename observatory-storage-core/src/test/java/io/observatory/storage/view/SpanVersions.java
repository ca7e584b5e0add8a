package io.observatory.storage.view;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.observatory.storage.model.SpanKind;
import io.observatory.storage.model.Status;
import io.observatory.storage.model.TraceSpan;
import io.observatory.storage.testing.Records;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

import static net.jqwik.api.Arbitraries.frequencyOf;
import static net.jqwik.api.Arbitraries.integers;
import static net.jqwik.api.Arbitraries.longs;
import static net.jqwik.api.Arbitraries.of;

/**
 * Spans of all kinds, calls of models among them, in several versions each: first open,
 * then ended ever later, with other attributes each time. The last one is to stay.
 */
final class SpanVersions {

	/** Around midnight UTC, a year before, and the earliest that is taken. */
	private static final Arbitrary<Instant> STARTS = frequencyOf(
			Tuple.of(9,
					longs().between(-3 * 3600, 3 * 3600)
						.map((seconds) -> Instant.parse("2026-11-27T00:00:00Z").plusSeconds(seconds))),
			Tuple.of(1, of(Instant.parse("2025-11-27T23:59:59.999999Z"), Instant.parse("2026-11-27T00:00:00Z"),
					Instant.parse("1970-01-01T00:00:00Z"))));

	private static final Arbitrary<Object> NUMBERS = frequencyOf(Tuple.of(8, longs().between(0, 5000)),
			Tuple.of(2, longs().between(0, 5000).map(Object::toString)),
			Tuple.of(1, longs().between(0, 5000).map((number) -> " " + number + ".0 ")),
			Tuple.of(1, Arbitraries.doubles().between(0, 100)), Tuple.of(1, Arbitraries.doubles()),
			Tuple.of(1, Arbitraries.longs()), Tuple.of(1, Arbitraries.bigDecimals().ofScale(20)), Tuple.of(3, bad()));

	private static final Arbitrary<Object> TEXTS = frequencyOf(Tuple.of(8, of("a", "b", "c")),
			Tuple.of(1, of("", " ", "🙂", 4L, 1.5, true, List.of("a", "b"))));

	private SpanVersions() {
	}

	/** What is no number, or one that is hard to take. */
	private static Arbitrary<Object> bad() {
		return of("", " ", "abc", "12a", "1 2", "0x10", "1_000", "1,5", "١٢", "12\u00a0", "12\n", "\t12", "1e400",
				"1e3", "1.5E-4", ".5", "5.", "+7", "-5", "--5", "NaN", "Infinity", "-Infinity", "1e", ".", "true",
				"null", "{}", true, Double.NaN, Double.POSITIVE_INFINITY, Double.MAX_VALUE, Double.MIN_VALUE, 1e18,
				1e17, 999_999_999_999_999_999L, "999999999999999999.5", Long.MAX_VALUE, Long.MIN_VALUE,
				BigInteger.TWO.pow(70), new BigDecimal("1e400"), new BigDecimal("1e-400"), "9".repeat(31),
				"9".repeat(300), "1" + "0".repeat(200_000), "0." + "1".repeat(61), List.of("12"), List.of(),
				Map.of("n", 12), Optional.empty());
	}

	static Arbitrary<List<TraceSpan>> all() {
		Arbitrary<Integer> versions = frequencyOf(Tuple.of(3, of(1)), Tuple.of(2, integers().between(2, 4)));
		return versions.flatMap((count) -> version().list().ofSize(count))
			.list()
			.ofMinSize(40)
			.ofMaxSize(70)
			.map(SpanVersions::numbered);
	}

	/** The number of the span tells its ids, that of the version its end. */
	private static List<TraceSpan> numbered(List<List<Version>> spans) {
		List<TraceSpan> numbered = new ArrayList<>();
		for (int span = 0; span < spans.size(); span++) {
			List<Version> versions = spans.get(span);
			Instant start = versions.get(0).start();
			for (int version = 0; version < versions.size(); version++) {
				boolean open = version == 0 && (versions.size() > 1 || span % 7 == 0);
				numbered.add(versions.get(version).span(span, start, open ? null : Duration.ofSeconds(version)));
			}
		}
		return numbered;
	}

	private static Arbitrary<Version> version() {
		return Combinators
			.combine(STARTS, of("shop", "cart"), of("chat", "GET /"), of(Status.class), longs().between(1, 999_999),
					attributes())
			.as(Version::new);
	}

	private static Arbitrary<Map<String, Object>> attributes() {
		List<Arbitrary<Map<String, Object>>> parts = new ArrayList<>();
		parts.add(named(0.8,
				frequencyOf(Tuple.of(6, of("chat")),
						Tuple.of(3, of("embeddings", "embedding", "generate_content", "text_completion", "image")),
						Tuple.of(3, of("execute_tool", "invoke_agent", "create_agent", "framework", "retrieval", "")),
						Tuple.of(1, of(Optional.empty(), 7L, List.of("chat")))),
				"gen_ai.operation.name"));
		parts.add(named(0.9, TEXTS, "gen_ai.provider.name", "gen_ai.system", "llm.provider"));
		parts.add(named(0.7, TEXTS, "gen_ai.request.model", "llm.model"));
		parts.add(named(0.5, TEXTS, "gen_ai.response.model"));
		parts.add(named(0.8, NUMBERS, "gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens",
				"llm.usage.prompt_tokens"));
		parts.add(named(0.8, NUMBERS, "gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens",
				"llm.usage.completion_tokens"));
		parts.add(named(0.3, NUMBERS, "llm.usage.total_tokens", "gen_ai.usage.total_tokens"));
		parts.add(named(0.3, NUMBERS, "gen_ai.usage.cache_read.input_tokens", "gen_ai.usage.cache_read_input_tokens"));
		parts.add(named(0.3, NUMBERS, "gen_ai.usage.cache_write.input_tokens",
				"gen_ai.usage.cache_creation.input_tokens", "gen_ai.usage.cache_creation_input_tokens"));
		parts.add(named(0.3, NUMBERS, "gen_ai.usage.reasoning.output_tokens"));
		parts.add(named(0.7, NUMBERS, "llm.cost.amount_usd"));
		parts.add(named(0.7, TEXTS, "llm.cost.source"));
		parts.add(named(0.3, NUMBERS, "gen_ai.response.time_to_first_chunk", "llm.latency.ttft_ms"));
		parts.add(named(0.7, of("stop", "length", "", List.of("stop"), List.of("stop", "length"), List.of(), 3L, true),
				"gen_ai.response.finish_reasons"));
		parts.add(named(0.3, of("stop", "length"), "gen_ai.response.finish_reason"));
		parts.add(named(0.7, TEXTS, "gen_ai.conversation.id", "spring.ai.chat.client.conversation.id", "session.id"));
		parts.add(named(0.5, TEXTS, "user.id"));
		parts.add(named(0.2, TEXTS, "error.type"));
		return Combinators.combine(parts).as((all) -> {
			Map<String, Object> attributes = new HashMap<>();
			all.forEach(attributes::putAll);
			return attributes;
		});
	}

	/** Under one of the names, or under all of them with a value each. */
	private static Arbitrary<Map<String, Object>> named(double probability, Arbitrary<?> values, String... names) {
		Arbitrary<List<String>> chosen = frequencyOf(Tuple.of(4, of(names).map(List::of)),
				Tuple.of(1, Arbitraries.just(Arrays.asList(names))));
		return chosen.flatMap((some) -> values.list().ofSize(some.size()).map((value) -> {
			Map<String, Object> attributes = new HashMap<>();
			for (int i = 0; i < some.size(); i++) {
				attributes.put(some.get(i), (value.get(i) instanceof Optional<?>) ? null : value.get(i));
			}
			return attributes;
		})).optional(probability).map((attributes) -> attributes.orElse(Map.of()));
	}

	private record Version(Instant start, String service, String name, Status status, long micros,
			Map<String, Object> attributes) {

		TraceSpan span(int number, Instant first, Duration later) {
			return TraceSpan.builder()
				.traceId(traceId(number % 9))
				.spanId((number % 2 == 0) ? Records.spanId(number) : "step " + number)
				.name(this.name)
				.kind(SpanKind.CLIENT)
				.serviceName(this.service)
				.startTime((number % 3 == 0) ? this.start : first)
				.endTime((later != null) ? end(first, later) : null)
				.status(this.status)
				.attributes(this.attributes)
				.build();
		}

		/** Later than that of each version before. */
		private Instant end(Instant first, Duration later) {
			Instant from = first.isAfter(Instant.parse("2026-11-28T00:00:00Z")) ? first
					: Instant.parse("2026-11-28T00:00:00Z");
			return from.plus(later).plusNanos(this.micros * 1000);
		}

		/** Hex in either case, and text. */
		private static String traceId(int number) {
			return switch (number % 3) {
				case 0 -> Records.traceId(number);
				case 1 -> Records.traceId(number).toUpperCase(java.util.Locale.ROOT);
				default -> "order " + number + " 🙂";
			};
		}

	}

}
