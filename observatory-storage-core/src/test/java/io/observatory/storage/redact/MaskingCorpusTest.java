package io.observatory.storage.redact;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

import io.observatory.storage.model.TraceEvent;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How many secrets of all documented kinds are found, and how many texts without one are
 * touched. The figures stand in docs/capture.md.
 */
class MaskingCorpusTest {

	private static final double MOST_TOUCHED = 0.02;

	private final MaskingRedactor redactor = new MaskingRedactor();

	@Test
	void secretsAreFound() throws IOException {
		List<Sample> secrets = samples("secrets.txt");
		List<Sample> missed = secrets.stream().filter((sample) -> !isFound(sample)).toList();
		System.out.printf("Secrets: %d, found: %d, missed: %s%n", secrets.size(), secrets.size() - missed.size(),
				missed.stream().map(Sample::text).toList());
		assertThat(secrets).hasSizeGreaterThanOrEqualTo(300);
		assertThat(missed).isEmpty();
	}

	/** The limits that the docs name; who removes one moves the sample. */
	@Test
	void whatIsKnownNotToBeFoundIsNot() throws IOException {
		List<Sample> secrets = samples("not-found.txt");
		System.out.printf("Secrets that are known not to be found: %d%n", secrets.size());
		assertThat(secrets).isNotEmpty().noneMatch(this::isFound);
	}

	@Test
	void whatIsNoSecretStays() throws IOException {
		List<Sample> innocents = samples("innocents.txt");
		List<String> touched = innocents.stream()
			.filter((sample) -> !mask(sample.text()).equals(sample.text()))
			.map((sample) -> sample.text() + " → " + mask(sample.text()))
			.toList();
		System.out.printf("Texts without a secret: %d, touched: %d%n", innocents.size(), touched.size());
		assertThat(innocents).hasSizeGreaterThanOrEqualTo(300);
		assertThat(touched).hasSizeLessThanOrEqualTo((int) (MOST_TOUCHED * innocents.size()));
	}

	private boolean isFound(Sample sample) {
		String masked = mask(sample.text());
		return masked.contains("[redacted") && !masked.contains(sample.secret());
	}

	private String mask(String text) {
		TraceEvent event = TraceEvent.builder().traceId("t").spanId("s").name(text).timestamp(Instant.EPOCH).build();
		return this.redactor.redact(event).name();
	}

	private static List<Sample> samples(String resource) throws IOException {
		try (InputStream in = MaskingCorpusTest.class.getResourceAsStream("/redact/" + resource)) {
			return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8).lines()
				.filter((line) -> !line.startsWith("#"))
				.map(Sample::of)
				.toList();
		}
	}

	/**
	 * A text, and the secret in it.
	 */
	private record Sample(String kind, String text, String secret) {

		static Sample of(String line) {
			String[] parts = line.split("\t", 2);
			String marked = parts[1].replace("¦", "").replace('␊', '\n').replace('␍', '\r');
			int start = marked.indexOf('«');
			String secret = (start >= 0) ? marked.substring(start + 1, marked.indexOf('»')) : "";
			return new Sample(parts[0], marked.replace("«", "").replace("»", ""), secret);
		}

	}

}
