package io.observatory.storage.redact;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.observatory.storage.model.LogRecord;
import io.observatory.storage.model.TraceSpan;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.fail;

class MaskingRedactorTest {

	private final MaskingRedactor redactor = new MaskingRedactor();

	@ParameterizedTest
	@ValueSource(strings = { "alice@example.com", "Alice.B+tag@mail.example.co.uk", "o'neil_1@example.org",
			"jürgen@müller.de", "alice%40example.com" })
	void emails(String email) {
		assertThat(mask(email)).isEqualTo("[redacted:email]");
		assertThat(mask("from <" + email + ">, to " + email + "."))
			.isEqualTo("from <[redacted:email]>, to [redacted:email].");
	}

	@ParameterizedTest
	@ValueSource(strings = { "4111111111111111", "4111 1111 1111 1111", "4111-1111-1111-1111", "4222222222222",
			"5555555555554444", "2223003122003222", "378282246310005", "3782 822463 10005", "30569309025904",
			"6011111111111117", "3530111333300000", "6200000000000005", "6759649826438453" })
	void cards(String card) {
		assertThat(mask(card)).isEqualTo("[redacted:card]");
		assertThat(mask("card=" + card + ", 12 " + card + "; 卡号" + card))
			.isEqualTo("card=[redacted:card], 12 [redacted:card]; 卡号[redacted:card]");
	}

	@ParameterizedTest
	@ValueSource(strings = { "4111111111111112", "1732492800000", "1732492800000000000", "411111111111111",
			"41111111111111111111", "0.4111111111111111", "4bf92f3577b34da6a3ce929d0e0e4736", "a4111111111111111",
			"4111111111111111_1", "2025-03-01 10:00:00.123456", "9999999999999995", "4111  1111  1111  1111" })
	void numbersThatAreNoCards(String number) {
		assertThat(mask(number)).isEqualTo(number);
	}

	@ParameterizedTest
	@ValueSource(strings = { "mF_9.B5f-4.1JqM", "abcdefgh", "+bcdefgh", "++++++++",
			"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl" })
	void bearerTokens(String token) {
		assertThat(mask("Bearer " + token)).isEqualTo("Bearer [redacted:bearer]");
		assertThat(mask("curl -H 'bearer: " + token + "' x")).isEqualTo("curl -H 'bearer: [redacted:bearer]' x");
	}

	@Test
	void jsonWebTokensAnywhere() {
		assertThat(mask("jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl!")).isEqualTo("jwt [redacted:bearer]!");
		assertThat(mask("eyJhbGciOiJIUzI1NiJ9")).isEqualTo("eyJhbGciOiJIUzI1NiJ9");
		assertThat(mask("the bearer of it")).isEqualTo("the bearer of it");
	}

	@ParameterizedTest
	@ValueSource(strings = { "sk-proj-4Tz9Qk2LmN8vXw1RaBcD", "sk-ant-api03-Zx81kQpLmNoRsTuVwXyZ_a",
			"AKIAIOSFODNN7EXAMPLE", "ghp_16C7e42F292c6912E7710c838347Ae178B4a", "glpat-0123456789abcdefghij",
			"xoxb-123456789012-abcdefABCDEF", "AIzaSyA1234567890abcdefghijklmnopqrstuv", "hf_abcdefghijklmnop1234",
			"sk_live_abcdefghijklmnop1234" })
	void apiKeys(String key) {
		assertThat(mask(key)).isEqualTo("[redacted:api-key]");
		assertThat(mask("(" + key + ").")).isEqualTo("([redacted:api-key]).");
	}

	@Test
	void wordsThatBeginLikeAKeyAreNone() {
		assertThat(mask("sk-learning-is-a-lot-of-fun risk-0123456789abcdefgh"))
			.isEqualTo("sk-learning-is-a-lot-of-fun risk-0123456789abcdefgh");
	}

	@ParameterizedTest
	@ValueSource(strings = { "password=hunter2", "password = hunter2", "PASSWORD: hunter2", "db.password='hunter2'",
			"{\"password\": \"hunter2\"}", "{\\\"password\\\":\\\"hunter2\\\"}", "?x=1&api_key=hunter2&y=2",
			"OPENAI_API_KEY=hunter2", "Authorization: Basic hunter2 ==", "Cookie: a=b; session=hunter2",
			"{\"clientSecret\":\"a\\\"hunter2\"}" })
	void valuesAfterASecretName(String text) {
		assertThat(mask(text)).contains("[redacted]").doesNotContain("hunter2");
		assertThat(mask(mask(text))).isEqualTo(mask(text));
	}

	@Test
	void whatStandsBesideAValueStays() {
		assertThat(mask("{\"user\":\"a\",\"password\":\"hunter2\",\"n\":1}"))
			.isEqualTo("{\"user\":\"a\",\"password\":\"[redacted]\",\"n\":1}");
		assertThat(mask("GET /x?token=abc&page=2")).isEqualTo("GET /x?token=[redacted]&page=2");
		assertThat(mask("input_tokens=12, max tokens: 3, tokens=4"))
			.isEqualTo("input_tokens=12, max tokens: 3, tokens=4");
	}

	@Test
	void attributesByNameWhateverTheirType() {
		Map<String, Object> attributes = new LinkedHashMap<>();
		attributes.put("http.request.header.authorization", List.of("a", "b"));
		attributes.put("dbPassword", 1234);
		attributes.put("nested", List.of(Map.of("x-api-key", "abc", "port", 5432)));
		attributes.put("has_password", true);
		attributes.put("gen_ai.usage.input_tokens", 12L);
		assertThat(attributes(attributes))
			.isEqualTo(Map.of("http.request.header.authorization", List.of("[redacted]", "[redacted]"), "dbPassword",
					"[redacted]", "nested", List.of(Map.of("x-api-key", "[redacted]", "port", 5432)), "has_password",
					true, "gen_ai.usage.input_tokens", 12L));
	}

	@Test
	void cardsThatAreNumbersOrKeys() {
		assertThat(attributes(Map.of("a", 4111111111111111L, "b", new long[] { 1, 4111111111111111L }, "c",
				new Object[] { "alice@example.com", 1 }, "alice@example.com", 2)))
			.isEqualTo(Map.of("a", "[redacted:card]", "b", List.of(1L, "[redacted:card]"), "c",
					List.of("[redacted:email]", 1), "[redacted:email]", 2));
	}

	@Test
	void whatIsHarmlessIsTheSameRecord() {
		TraceSpan span = span(Map.of("a", "text", "b", List.of(1, Map.of("c", "d")), "id", UUID.randomUUID()));
		assertThat(this.redactor.redact(span)).isSameAs(span);
		LogRecord log = LogRecord.builder().timestamp(Instant.EPOCH).serviceName("s").body("nothing").build();
		assertThat(this.redactor.redact(log)).isSameAs(log);
	}

	@Test
	void whatIsNotChosenIsNotMasked() {
		MaskingRedactor emails = new MaskingRedactor(EnumSet.of(SecretKind.EMAIL), List.of("pin"));
		String text = "a@b.example 4111111111111111 Bearer 0123456789 AKIAIOSFODNN7EXAMPLE password=x pin=12";
		assertThat(emails.redact(span(text, Map.of())).name()).isEqualTo(
				"[redacted:email] 4111111111111111 Bearer 0123456789 AKIAIOSFODNN7EXAMPLE password=x pin=[redacted]");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new MaskingRedactor(EnumSet.allOf(SecretKind.class), List.of("--")));
	}

	@Test
	void nestingWithoutEndIsCut() {
		List<Object> endless = new ArrayList<>();
		endless.add(endless);
		assertThat(attributes(Map.of("a", endless))).isNotNull();
	}

	@Test
	void aLongTextTakesNoLongerThanItsLength() {
		for (String part : List.of("a", "a@", "1 ", "4111 ", "eyJ.", "bearer ", "token:", "\\\"", "sk-", "a.", "=:",
				"-", "-----BEGIN PRIVATE KEY-----", "cookie: none ", "a>", "<token>", "token=[", "bearer", "bearer+",
				"basic ", "%40", "://", "a://b:c", "8Q~", ":AA", ".G", "[\"", "{\"a\":", "token is ", "token=\"",
				"token='\\", "--token ", "curl -u a:", "mysql -p ", "cookie: [redacted] ", "name=\"a\" ", "login ",
				":5432:", "<password>a   ", "the password for x is a ")) {
			String text = part.repeat(250_000 / part.length());
			assertTimeoutPreemptively(Duration.ofSeconds(40), () -> {
				if (mask(text).isEmpty()) {
					fail("nothing left");
				}
			});
		}
	}

	@Test
	void whatStandsAroundASecretStays() {
		assertThat(
				mask("a -----BEGIN PRIVATE KEY-----\n" + "MIIEvQIBADANBgkqhkiG9w0B\n" + "-----END PRIVATE KEY----- b"))
			.isEqualTo("a [redacted:private-key] b");
		assertThat(mask("to postgres://app:hunter2@db:5432/app?a=b"))
			.isEqualTo("to postgres://app:[redacted:url-password]@db:5432/app?a=b");
		assertThat(mask("x Basic Ym9iOmh1bnRlcjI= y")).isEqualTo("x Basic [redacted:basic] y");
		assertThat(mask("run --password hunter2 -v")).isEqualTo("run --password [redacted] -v");
		assertThat(mask("a\nAPI_KEY=hunter2\nB=1")).isEqualTo("a\nAPI_KEY=[redacted]\nB=1");
	}

	@ParameterizedTest
	@ValueSource(strings = { "access_token", "client_secret", "apiKey", "x-api-key", "pwd", "PGPASSWORD", "password2",
			"http.request.header.authorization", "api key" })
	void namesOfSecrets(String name) {
		assertThat(attributes(Map.of(name, "hunter2"))).isEqualTo(Map.of(name, "[redacted]"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "time_to_first_token", "per_token", "next_page_token", "nextToken", "max_tokens",
			"token_count", "stop_token", "password_policy", "secretName", "tokenizer", "keyboard" })
	void namesOfWhatIsNone(String name) {
		assertThat(attributes(Map.of(name, "hunter2"))).isEqualTo(Map.of(name, "hunter2"));
	}

	@Test
	void ofNumbersOnlyPasswordsAreSecret() {
		Map<String, Object> attributes = Map.of("access_token", 5, "api_key", 0.5, "has_password", true, "password", 5);
		assertThat(attributes(attributes))
			.isEqualTo(Map.of("access_token", 5, "api_key", 0.5, "has_password", true, "password", "[redacted]"));
	}

	@Test
	void keysThatAreMaskedAreStillSeveral() {
		assertThat(attributes(Map.of("a@example.com", 1, "b@example.com", 2)).keySet())
			.containsExactlyInAnyOrder("[redacted:email]", "[redacted:email] 2");
	}

	private String mask(String text) {
		return this.redactor.redact(span(text, Map.of())).name();
	}

	private Map<String, ?> attributes(Map<String, ?> attributes) {
		return this.redactor.redact(span(attributes)).attributes();
	}

	private static TraceSpan span(Map<String, ?> attributes) {
		return span("name", attributes);
	}

	private static TraceSpan span(String name, Map<String, ?> attributes) {
		return TraceSpan.builder()
			.traceId("t")
			.spanId("s")
			.name(name)
			.serviceName("test")
			.startTime(Instant.EPOCH)
			.attributes(attributes)
			.build();
	}

}
