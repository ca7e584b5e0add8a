package io.observatory.storage.redact;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import static org.assertj.core.api.Assertions.assertThat;

class SecretPrefilterTest {

	private final SecretNames names = new SecretNames(MaskingRedactor.DEFAULT_NAMES);

	private final Masking masking = new Masking(EnumSet.allOf(SecretKind.class), this.names);

	@Property(tries = 5000)
	void theResultIsThatOfAllMaskers(@ForAll("texts") String text) {
		Assume.that(!JsonMasker.mayBe(text));
		assertThat(this.masking.text(text)).isEqualTo(maskedByAll(text));
	}

	/** What is JSON is not masked as a whole: see JsonMaskerTest. */
	private String maskedByAll(String text) {
		List<Masker> maskers = new ArrayList<>();
		for (SecretKind kind : SecretKind.values()) {
			maskers.addAll(kind.maskers());
		}
		maskers.add(new NamedValueMasker(this.names));
		maskers.add(new SpokenValueMasker(this.names));
		String masked = text;
		for (Masker masker : maskers) {
			masked = masker.mask(masked);
		}
		return masked;
	}

	/** Secrets and what is nearly one, one after the other. */
	@Provide
	Arbitrary<String> texts() {
		Arbitrary<String> parts = Arbitraries.of("a@b.c", "a%40b.c", "@", "%40", ".", "4222222222222", "4111 1111",
				" 1111 1111", "4111-1111-1111-1111", "41", "Bearer 12345678", "bEARER:", "+", "12345678", "eyJ.eyJ",
				"eyJ", "y", "J", "Basic ", "BASIC ", "YTpiYw==", "-----BEGIN ", "PRIVATE KEY-----",
				"0123456789abcdefghijk", "-----END PRIVATE KEY-----", "db://", "u:p", "https://", "--token ",
				"password is ", "%3D", "<token>", "</token>", "123456789:AA", "8Q~", "\\n", "hf_0123456789abcdef",
				"r8_abcdefghijklmno1", "sk-", "SG.", "AKIA", "0123456789abcde", "pwd=x", "token", ": ", "=", "\"",
				"\\\"", "Cookie: a; b", " ", "-", "_", "plain", "é", "卡", "\uD83D");
		return Arbitraries.oneOf(parts, Arbitraries.strings().all().ofMaxLength(3))
			.list()
			.ofMinSize(1)
			.ofMaxSize(8)
			.map((chosen) -> String.join("", chosen));
	}

	@Example
	void theShortestSecretsAreSuspected() {
		assertSuspected("a@b.cd", SecretPrefilter.EMAIL);
		assertSuspected("a%40b.cd", SecretPrefilter.EMAIL);
		assertSuspected("4222222222222", SecretPrefilter.CARD);
		assertSuspected("bearer 12345678", SecretPrefilter.BEARER);
		assertSuspected("BASIC YTpi", SecretPrefilter.BASIC);
		assertSuspected("eyJ.eyJ", SecretPrefilter.JWT);
		assertSuspected("hf_0123456789abcdef", SecretPrefilter.API_KEY);
		assertSuspected("pwd=x", SecretPrefilter.NAMED_VALUE);
		assertSuspected("--pwd x", SecretPrefilter.NAMED_VALUE);
		assertSuspected("a://:b@c", SecretPrefilter.URL_PASSWORD);
		assertSuspected("-----BEGIN PRIVATE KEY-----", SecretPrefilter.PRIVATE_KEY);
	}

	private static void assertSuspected(String text, int kind) {
		assertThat(SecretPrefilter.of(text) & kind).as(text).isEqualTo(kind);
	}

	/** Two starts of a token are none where no dot joins them. */
	@Example
	void startsOfTokensWithoutADotBetweenThemAreNoToken() {
		assertThat(new JsonWebTokenMasker("masked").mask("eyJ4222@eyJ. eyJ")).isEqualTo("eyJ4222@eyJ. eyJ");
	}

	@Example
	void nothingIsSuspectedInPlainText() {
		assertThat(List.of("", "POST", "/v1/chat", "gen_ai.request.temperature", "chat model-large", "2025-03-01 10h",
				"Completed request 17 in 482 ms, 1203 tokens in, 311 tokens out, finish reason stop"))
			.allSatisfy((text) -> assertThat(SecretPrefilter.of(text)).isZero());
	}

	@Example
	void moreNamesThanAreKeptAreStillToldApart() {
		AttributeNames attributes = new AttributeNames(this.names, this.masking::text);
		for (int i = 0; i < 5000; i++) {
			assertThat(attributes.get(i + ".password").secrecy()).isEqualTo(Secrecy.ALL);
			assertThat(attributes.get(i + ".city").secrecy()).isEqualTo(Secrecy.NONE);
			assertThat(attributes.get(i + "@b.example").masked()).isEqualTo("[redacted:email]");
		}
	}

}
