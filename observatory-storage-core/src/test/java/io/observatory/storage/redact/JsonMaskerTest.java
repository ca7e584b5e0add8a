package io.observatory.storage.redact;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import io.observatory.storage.redact.text.SecretNames;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;
import net.jqwik.api.Tuple.Tuple2;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * JSON in is JSON out, of the same structure, with the secrets masked and all else as it
 * was.
 */
class JsonMaskerTest {

	private static final ObjectMapper MAPPER = JsonMapper.builder()
		.enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
		.enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
		.build();

	private final TextMasking masking = new TextMasking(EnumSet.allOf(SecretKind.class),
			new SecretNames(MaskingRedactor.DEFAULT_NAMES));

	@Property(tries = 100_000, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.BOUNDED)
	void jsonInIsJsonOut(@ForAll("documents") Tuple2<Object, Object> document, @ForAll boolean pretty) {
		String json = write(document.get1(), pretty);
		String masked = this.masking.mask(json);
		assertThat(read(masked)).isEqualTo(read(write(document.get2(), pretty)));
		assertThat(this.masking.mask(masked)).isEqualTo(masked);
	}

	@Example
	void whatIsNotMaskedIsAsItWasWritten() {
		assertThat(this.masking.mask(" {\"a\\/\\u00e9\" : 1.50e0,\n\"password\":\t\"x\" ,\"n\":[ null,\"\\n\" ] } "))
			.isEqualTo(" {\"a\\/\\u00e9\" : 1.50e0,\n\"password\":\t\"[redacted]\" ,\"n\":[ null,\"\\n\" ] } ");
	}

	@Example
	void whatEscapesHideIsFound() {
		assertThat(this.masking.mask("{\"p\\u0061ssword\":\"x1\"}")).isEqualTo("{\"p\\u0061ssword\":\"[redacted]\"}");
		assertThat(this.masking.mask("[\"alice\\u0040example.com\"]")).isEqualTo("[\"[redacted:email]\"]");
		assertThat(this.masking.mask("{\"c\":\"a\\nAPI_KEY=x1\\n\"}"))
			.isEqualTo("{\"c\":\"a\\nAPI_KEY=[redacted]\\n\"}");
	}

	@Example
	void severalTextsOneAfterTheOther() {
		assertThat(this.masking.mask("{\"password\":\"x1\"}\n{\"password\":2}\n"))
			.isEqualTo("{\"password\":\"[redacted]\"}\n{\"password\":\"[redacted]\"}\n");
	}

	@Example
	void whatOnlyLooksLikeJsonIsMaskedAsText() {
		assertThat(this.masking.mask("{\"password\":\"x1\",}")).isEqualTo("{\"password\":\"[redacted]\",}");
		assertThat(this.masking.mask("{\"password\":77, … cut")).isEqualTo("{\"password\":\"[redacted]\", … cut");
		assertThat(this.masking.mask("[INFO] password=x1 [y]")).isEqualTo("[INFO] password=[redacted] [y]");
	}

	@Example
	void jsonInJsonInJson() {
		String inner = write(Map.of("api_key", "x1", "n", 1), false);
		String json = write(Map.of("a", write(Map.of("b", inner), false)), false);
		String expected = inner.replace("x1", "[redacted]");
		assertThat(this.masking.mask(json)).isEqualTo(write(Map.of("a", write(Map.of("b", expected), false)), false));
	}

	@Example
	void whatIsNestedTooDeepIsStillMasked() {
		String deep = "[".repeat(100_000) + "\"password=x1\"" + "]".repeat(100_000);
		assertThat(this.masking.mask(deep)).isEqualTo(deep.replace("x1", "[redacted]"));
	}

	/** A document, and what it is masked. */
	@Provide
	Arbitrary<Tuple2<Object, Object>> documents() {
		return Arbitraries.frequencyOf(Tuple.of(4, objects(3)), Tuple.of(1, lists(3)));
	}

	private static Arbitrary<Tuple2<Object, Object>> values(int depth) {
		if (depth == 0) {
			return leaves();
		}
		return Arbitraries.frequencyOf(Tuple.of(6, leaves()), Tuple.of(1, Arbitraries.lazy(() -> objects(depth - 1))),
				Tuple.of(1, Arbitraries.lazy(() -> lists(depth - 1))),
				Tuple.of(1, Arbitraries.lazy(() -> objects(depth - 1).map(JsonMaskerTest::asText))));
	}

	private static Tuple2<Object, Object> asText(Tuple2<Object, Object> value) {
		return Tuple.of(write(value.get1(), false), write(value.get2(), false));
	}

	private static Arbitrary<Tuple2<Object, Object>> lists(int depth) {
		return values(depth).list()
			.ofMaxSize(4)
			.map((pairs) -> Tuple.of(pairs.stream().map(Tuple2::get1).collect(Collectors.toCollection(ArrayList::new)),
					pairs.stream().map(Tuple2::get2).collect(Collectors.toCollection(ArrayList::new))));
	}

	private static Arbitrary<Tuple2<Object, Object>> objects(int depth) {
		return properties(depth).list().ofMaxSize(4).map((properties) -> {
			Map<String, Object> given = new LinkedHashMap<>();
			Map<String, Object> masked = new LinkedHashMap<>();
			properties.forEach((property) -> {
				given.put(property.get1(), property.get2().get1());
				masked.put(property.get1(), property.get2().get2());
			});
			return Tuple.of(given, masked);
		});
	}

	private static Arbitrary<Tuple2<String, Tuple2<Object, Object>>> properties(int depth) {
		return Arbitraries.oneOf(Combinators.combine(innocentNames(), values(depth)).as(Tuple::of),
				Combinators.combine(passwordNames(), ofPassword()).as(Tuple::of),
				Combinators.combine(tokenNames(), ofToken()).as(Tuple::of));
	}

	private static Arbitrary<Tuple2<Object, Object>> leaves() {
		return Arbitraries.oneOf(
				Arbitraries
					.<Object>of(true, false, 0, -1, 12.5, 1e300, Long.MAX_VALUE, "", "plain", "é\"\\/\n\t\u0001🙂",
							"it is a token", "tokens=5", "{not json", "[1, 2", "null", "\"")
					.map(JsonMaskerTest::same),
				Arbitraries.strings().ofMaxLength(12).withChars("ab \\\"/{}[]\n\u2028é,").map(JsonMaskerTest::same),
				Arbitraries.just(same(null)), secrets());
	}

	private static Tuple2<Object, Object> same(Object value) {
		return Tuple.of(value, value);
	}

	private static Arbitrary<Tuple2<Object, Object>> secrets() {
		return Combinators.combine(Arbitraries.of("", "see\n", "é\"\t", "({"),
				Arbitraries.of(Tuple.of("alice@example.com", "[redacted:email]"),
						Tuple.of("4111111111111111", "[redacted:card]"), Tuple.of("API_KEY=k9Zq", "API_KEY=[redacted]"),
						Tuple.of("Bearer k9Zq4711x", "Bearer [redacted:bearer]"),
						Tuple.of("db://u:k9Zq@h", "db://u:[redacted:url-password]@h"),
						Tuple.of("ghp_" + "16C7e42F292c6912E771", "[redacted:api-key]")),
				Arbitraries.of("", "\nend", " \\ \"", ")"))
			.as((before, secret, after) -> Tuple.of(before + secret.get1() + after, before + secret.get2() + after));
	}

	private static Arbitrary<Tuple2<Object, Object>> ofPassword() {
		return Arbitraries.of(Tuple.of("k9Zq", "[redacted]"), Tuple.of("a\"b\\c\n", "[redacted]"),
				Tuple.of(4711, "[redacted]"), Tuple.of(1.5, "[redacted]"), same(true), same(false), same(null),
				same(""), same(List.of()),
				Tuple.of(List.of("k9Zq", Map.of("x", "y1")), List.of("[redacted]", Map.of("x", "[redacted]"))),
				same(Map.of("type", "string", "description", "to log in with")));
	}

	private static Arbitrary<Tuple2<Object, Object>> ofToken() {
		return Arbitraries.of(Tuple.of("k9Zq", "[redacted]"), same(4711), same(0.12), same(true), same(null),
				same(List.of(1, 2)), Tuple.of(List.of("k9Zq", 5), List.of("[redacted]", 5)));
	}

	private static Arbitrary<String> innocentNames() {
		return Arbitraries.of("a", "text", "time_to_first_token", "per_token", "next_page_token", "nextToken",
				"max_tokens", "é \"", "token_count", "has", "type", "content", "items", "passwordPolicy", "");
	}

	private static Arbitrary<String> passwordNames() {
		return Arbitraries.of("password", "dbPassword", "client_secret", "PGPASSWORD", "pwd", "user.passwd");
	}

	private static Arbitrary<String> tokenNames() {
		return Arbitraries.of("access_token", "apiKey", "x-api-key", "Authorization", "cookie", "refreshToken");
	}

	private static String write(Object value, boolean pretty) {
		return pretty ? MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(value)
				: MAPPER.writeValueAsString(value);
	}

	private static Object read(String json) {
		return MAPPER.readTree(json);
	}

}
