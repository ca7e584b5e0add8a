package io.observatory.storage.redact;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import static org.assertj.core.api.Assertions.assertThat;

class SuspicionsTest {

	private final SecretNames names = new SecretNames(MaskingRedactor.DEFAULT_NAMES);

	private final Masking masking = new Masking(EnumSet.allOf(SecretKind.class), this.names);

	@Property(tries = 5000)
	void theResultIsThatOfAllMaskers(@ForAll("texts") String text) {
		assertThat(this.masking.text(text)).isEqualTo(maskedByAll(text));
	}

	private String maskedByAll(String text) {
		List<Masker> maskers = new ArrayList<>();
		for (SecretKind kind : SecretKind.values()) {
			maskers.add(kind.masker());
		}
		maskers.add(new NamedValueMasker(this.names));
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
				"eyJ", "y", "J", "hf_0123456789abcdef", "r8_abcdefghijklmno1", "sk-", "SG.", "AKIA", "0123456789abcde",
				"pwd=x", "token", ": ", "=", "\"", "\\\"", "Cookie: a; b", " ", "-", "_", "plain", "é", "卡", "\uD83D");
		return Arbitraries.oneOf(parts, Arbitraries.strings().all().ofMaxLength(3))
			.list()
			.ofMinSize(1)
			.ofMaxSize(8)
			.map((chosen) -> String.join("", chosen));
	}

	@Example
	void theShortestSecretsAreSuspected() {
		assertThat(Suspicions.of("a@b.c")).isEqualTo(Suspicions.EMAIL);
		assertThat(Suspicions.of("a%40b.c")).isEqualTo(Suspicions.EMAIL);
		assertThat(Suspicions.of("4222222222222")).isEqualTo(Suspicions.CARD);
		assertThat(Suspicions.of("bearer 12345678")).isEqualTo(Suspicions.BEARER);
		assertThat(Suspicions.of("eyJ.eyJ")).isEqualTo(Suspicions.BEARER);
		assertThat(Suspicions.of("hf_0123456789abcdef")).isEqualTo(Suspicions.API_KEY);
		assertThat(Suspicions.of("pwd=x")).isEqualTo(Suspicions.NAMED_VALUE);
	}

	@Example
	void nothingIsSuspectedInPlainText() {
		assertThat(List.of("", "POST", "/v1/chat", "gen_ai.request.temperature", "chat model-large", "2025-03-01 10h",
				"Completed request 17 in 482 ms, 1203 tokens in, 311 tokens out, finish reason stop"))
			.allSatisfy((text) -> assertThat(Suspicions.of(text)).isZero());
	}

	@Example
	void moreNamesThanAreKeptAreStillToldApart() {
		AttributeNames attributes = new AttributeNames(this.names, this.masking::text);
		for (int i = 0; i < 5000; i++) {
			assertThat(attributes.get(i + ".password").secret()).isTrue();
			assertThat(attributes.get(i + ".city").secret()).isFalse();
			assertThat(attributes.get(i + "@b.example").masked()).isEqualTo("[redacted:email]");
		}
	}

}
