package io.observatory.storage.redact;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.observatory.storage.model.Exemplar;
import io.observatory.storage.model.LogRecord;
import io.observatory.storage.model.Metric;
import io.observatory.storage.model.MetricDataPoint;
import io.observatory.storage.model.MetricType;
import io.observatory.storage.model.SpanEvent;
import io.observatory.storage.model.SpanKind;
import io.observatory.storage.model.SpanLink;
import io.observatory.storage.model.Status;
import io.observatory.storage.model.Trace;
import io.observatory.storage.model.TraceEvent;
import io.observatory.storage.model.TraceSpan;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A secret of each kind, put wherever a record takes text, is nowhere afterwards, and
 * what is around it still is.
 */
class CanaryTest {

	private static final Instant TIME = Instant.EPOCH;

	private static final String BEFORE = "≪";

	private static final String AFTER = "≫";

	private final MaskingRedactor redactor = new MaskingRedactor();

	@Property(tries = 500)
	void isMaskedInEveryField(@ForAll("canaries") String canary, @ForAll("texts") String around,
			@ForAll("nested") Nesting nesting) {
		String text = around + BEFORE + canary + AFTER + around;
		Map<String, Object> attributes = Map.of("a", nesting.around(text), BEFORE + canary + AFTER, 1);
		assertMasked(canary, this.redactor
			.redact(new Trace("t", "s", TIME, null, null, Status.OK, text, text, attributes, attributes)));
		assertMasked(canary,
				this.redactor.redact(new TraceSpan("t", "s", null, text, SpanKind.CLIENT, "s", TIME, null, null,
						Status.OK, text, attributes, List.of(new SpanEvent(text, TIME, attributes)),
						List.of(new SpanLink("t", "s", attributes)))));
		assertMasked(canary, this.redactor.redact(new TraceEvent(UUID.randomUUID(), "t", "s", text, TIME, attributes)));
		assertMasked(canary,
				this.redactor.redact(new Metric("m", text, "1", MetricType.GAUGE, "s", attributes, attributes, null)));
		assertMasked(canary,
				this.redactor.redact(
						new MetricDataPoint(UUID.randomUUID(), "m", "s", TIME, 1.0, null, null, null, null, List.of(),
								List.of(), List.of(new Exemplar(1, TIME, null, null, attributes)), attributes, null)));
		assertMasked(canary, this.redactor.redact(new LogRecord(UUID.randomUUID(), TIME, null, null, null, text, "s",
				null, null, null, attributes, attributes, null, null, attributes)));
	}

	@Property(tries = 200)
	void maskingWhatIsMaskedChangesNothing(@ForAll("canaries") String canary, @ForAll("texts") String around) {
		String text = around + BEFORE + canary + AFTER + around;
		TraceEvent once = this.redactor
			.redact(new TraceEvent(UUID.randomUUID(), "t", "s", text, TIME, Map.of("a", text)));
		assertThat(this.redactor.redact(once)).isSameAs(once);
	}

	@Property(tries = 500)
	void theValueOfASecretNameIsMaskedWhateverItIs(@ForAll("names") String name, @ForAll("texts") String value,
			@ForAll("nested") Nesting nesting) {
		String canary = BEFORE + value + AFTER;
		assertMasked(canary, this.redactor.redact(new TraceEvent(UUID.randomUUID(), "t", "s", "n", TIME,
				Map.of("a", nesting.around(Map.of(name, nesting.around(canary)))))));
	}

	private static void assertMasked(String canary, Record masked) {
		StringBuilder text = new StringBuilder();
		append(text, masked);
		assertThat(text).doesNotContain(canary).contains("[redacted");
	}

	/** A record's toString shows nothing, so its components are asked. */
	private static void append(StringBuilder text, Object value) {
		if (value instanceof Record component) {
			for (java.lang.reflect.RecordComponent part : component.getClass().getRecordComponents()) {
				try {
					append(text, part.getAccessor().invoke(component));
				}
				catch (ReflectiveOperationException ex) {
					throw new AssertionError(ex);
				}
			}
		}
		else if (value instanceof List<?> elements) {
			elements.forEach((element) -> append(text, element));
		}
		else if (value instanceof Object[] elements) {
			List.of(elements).forEach((element) -> append(text, element));
		}
		else if (value instanceof Map<?, ?> map) {
			map.forEach((name, element) -> {
				append(text, name);
				append(text, element);
			});
		}
		else {
			text.append(value).append('\n');
		}
	}

	@Provide
	Arbitrary<String> canaries() {
		return Arbitraries.oneOf(emails(), cards(), bearers(), apiKeys(), named());
	}

	@Provide
	Arbitrary<String> names() {
		Arbitrary<String> prefix = Arbitraries.of("", "db.", "http.request.header.x-", "my_", "client");
		Arbitrary<String> name = Arbitraries.of("password", "Secret", "API_KEY", "api-key", "accessToken",
				"Authorization", "set-cookie");
		return Combinators.combine(prefix, name).as(String::concat);
	}

	@Provide
	Arbitrary<String> texts() {
		return Arbitraries.oneOf(Arbitraries.strings().all().ofMaxLength(20),
				Arbitraries.strings().withChars("@.:=\"'\\ 0123456789-_abe/%+").ofMaxLength(20),
				Arbitraries.of("", "4", "1234 ", "Bearer ", "x@", "password=", "sk-", "{\"token\": \"", "🙂\uD83D"));
	}

	@Provide
	Arbitrary<Nesting> nested() {
		return Arbitraries.of(Nesting.class);
	}

	private static Arbitrary<String> emails() {
		Arbitrary<String> local = Arbitraries.strings()
			.withCharRange('a', 'z')
			.numeric()
			.withChars("._+-")
			.ofMinLength(1)
			.ofMaxLength(12);
		Arbitrary<String> domain = Arbitraries.strings().withCharRange('a', 'z').ofMinLength(1).ofMaxLength(8);
		return Combinators.combine(local, domain, Arbitraries.of("com", "co.uk", "de"), Arbitraries.of("@", "%40"))
			.as((l, d, tld, at) -> l + at + d + "." + tld);
	}

	private static Arbitrary<String> cards() {
		Arbitrary<String> network = Arbitraries.of("4", "51", "2221", "6011", "3528", "62");
		return Combinators.combine(network, Arbitraries.strings().numeric().ofLength(15), Arbitraries.of("", " ", "-"))
			.as((start, digits, separator) -> {
				String number = (start + digits).substring(0, 15);
				return (number + checkDigit(number)).replaceAll("(.{4})(?!$)", "$1" + separator);
			});
	}

	private static int checkDigit(String number) {
		int sum = 0;
		for (int i = 0; i < number.length(); i++) {
			int digit = number.charAt(number.length() - 1 - i) - '0';
			sum += (i % 2 == 0) ? (digit * 2) / 10 + (digit * 2) % 10 : digit;
		}
		return (10 - sum % 10) % 10;
	}

	private static Arbitrary<String> bearers() {
		return Arbitraries.strings()
			.withCharRange('a', 'z')
			.withCharRange('A', 'Z')
			.numeric()
			.withChars("-._~+/")
			.ofMinLength(8)
			.ofMaxLength(40)
			.map((token) -> "Bearer " + token);
	}

	private static Arbitrary<String> apiKeys() {
		return Combinators
			.combine(Arbitraries.of("sk-", "sk-ant-", "ghp_", "AKIA", "xoxb-", "glpat-", "AIza", "hf_", "sk_live_"),
					Arbitraries.strings()
						.withCharRange('a', 'z')
						.withCharRange('A', 'Z')
						.numeric()
						.ofMinLength(16)
						.ofMaxLength(40))
			.as((prefix, key) -> prefix + key + "7");
	}

	private static Arbitrary<String> named() {
		return Combinators
			.combine(Arbitraries.of("password=", "apiKey: ", "\"token\": \"", "secret='", "Authorization: Basic "),
					Arbitraries.strings().withCharRange('a', 'z').numeric().ofMinLength(1).ofMaxLength(20))
			.as(String::concat);
	}

	enum Nesting {

		NONE {
			@Override
			Object around(Object value) {
				return value;
			}
		},

		LIST {
			@Override
			Object around(Object value) {
				return List.of(1, List.of(value), "x");
			}
		},

		ARRAY {
			@Override
			Object around(Object value) {
				return new Object[] { value, 2 };
			}
		},

		MAP {
			@Override
			Object around(Object value) {
				return Map.of("b", Map.of("c", value), "d", true);
			}
		};

		abstract Object around(Object value);

	}

}
