package io.observatory.storage.redact;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

import io.observatory.storage.redact.text.Characters;
import io.observatory.storage.redact.text.JsonWebTokenMasker;
import io.observatory.storage.redact.text.Masker;
import io.observatory.storage.redact.text.NamedValueMasker;
import io.observatory.storage.redact.text.PatternMasker;
import io.observatory.storage.redact.text.SecretNames;
import io.observatory.storage.redact.text.SecretNames.Secrecy;
import io.observatory.storage.redact.text.SpokenValueMasker;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import static org.assertj.core.api.Assertions.assertThat;

class CharactersTest {

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
		maskers.add(PatternMasker.commands());
		maskers.add(PatternMasker.calls());
		maskers.add(PatternMasker.passwords(this.names));
		maskers.add(new SpokenValueMasker(this.names));
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
				"eyJ", "y", "J", "Basic ", "BASIC ", "YTpiYw==", "-----BEGIN ", "PRIVATE KEY-----",
				"0123456789abcdefghijk", "-----END PRIVATE KEY-----", "db://", "u:p", "https://", "--token ",
				"mysql -p", " -u ", "curl -u a:", "PASSWORD '", "setPassword(\"", "\", \"", "<key>pwd</key><string>",
				"h:5432:d:u:", "password is ", "%3D", "<token>", "</token>", "123456789:AA", "8Q~", "\\n",
				"hf_0123456789abcdef", "r8_abcdefghijklmno1", "sk-", "SG.", "AKIA", "0123456789abcde", "pwd=x", "token",
				": ", "=", "\"", "\\\"", "Cookie: a; b", " ", "-", "_", "plain", "é", "卡", "\uD83D");
		return Arbitraries.oneOf(parts, Arbitraries.strings().all().ofMaxLength(3))
			.list()
			.ofMinSize(1)
			.ofMaxSize(8)
			.map((chosen) -> String.join("", chosen));
	}

	@Example
	void theShortestSecretsAreFound() {
		assertThat(List.of("a@b.cd", "a%40b.cd", "4222222222222", "bearer 12345678", "BASIC YTpi", "eyJ.eyJ",
				"hf_0123456789abcdef", "pwd=x", "--pwd x", "a://:b@c", "pwd \"x7\"", "7z -px7",
				"-----BEGIN PRIVATE KEY-----42222222222224222222222222",
				"MIIEvQIBAAKCAQEAuTz1-----END PRIVATE KEY-----"))
			.allSatisfy((text) -> assertThat(this.masking.text(text)).isNotEqualTo(text));
	}

	/** Two starts of a token are none where no dot joins them. */
	@Example
	void startsOfTokensWithoutADotBetweenThemAreNoToken() {
		assertThat(new JsonWebTokenMasker("masked").mask("eyJ4222@eyJ. eyJ")).isEqualTo("eyJ4222@eyJ. eyJ");
	}

	@Example
	void plainTextHasNotWhatTokensNeed() {
		long seen = Characters.of("Completed request in good time, nothing else to say");
		assertThat(List.of("@.", "1", "eyJ.", "--", "EARER", "=", "://@"))
			.noneMatch((text) -> Characters.Needs.all(text).areIn(seen));
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
