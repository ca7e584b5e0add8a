package io.observatory.storage.capture;

import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

class TraceSamplingTest {

	private static final int TRACES = 20_000;

	private final Random random = new Random(1);

	@Test
	void allAreKeptByOneAndNoneByZero() {
		List<String> ids = Stream.concat(ids(), Stream.of("0".repeat(32), "f".repeat(32), "no hex")).toList();
		assertThat(ids).allMatch(new TraceSampling(1)::keeps).noneMatch(new TraceSampling(0)::keeps);
	}

	@ParameterizedTest
	@CsvSource(textBlock = """
			# the threshold of 0.25 is c0000000000000
			0.25, ffffffffffffffffffc0000000000000, true
			0.25, ffffffffffffffffffbfffffffffffff, false
			0.25, FFFFFFFFFFFFFFFFFFC0000000000000, true
			0.5,  0000000000000000ff80000000000000, true
			0.5,  ffffffffffffffff007fffffffffffff, false
			""")
	void theLow56BitsDecide(double ratio, String traceId, boolean kept) {
		assertThat(new TraceSampling(ratio).keeps(traceId)).isEqualTo(kept);
	}

	@ParameterizedTest
	@ValueSource(doubles = { 0.01, 0.1, 0.5, 0.9 })
	void theRatioIsKeptOfHexIdsAndOfOthers(double ratio) {
		TraceSampling sampling = new TraceSampling(ratio);
		assertThat(ids().filter(sampling::keeps).count() / (double) TRACES).isCloseTo(ratio, within(0.02));
		assertThat(ids().filter((id) -> sampling.keeps("text " + id)).count() / (double) TRACES).isCloseTo(ratio,
				within(0.02));
	}

	@Test
	void whatASmallerRatioKeepsAGreaterOneKeeps() {
		TraceSampling small = new TraceSampling(0.1);
		assertThat(ids().filter(small::keeps)).isNotEmpty().allMatch(new TraceSampling(0.3)::keeps);
	}

	@ParameterizedTest
	@ValueSource(doubles = { -0.1, 1.1, Double.NaN })
	void otherRatiosAreRefused(double ratio) {
		assertThatIllegalArgumentException().isThrownBy(() -> new TraceSampling(ratio));
	}

	private Stream<String> ids() {
		return Stream.generate(() -> {
			byte[] id = new byte[16];
			this.random.nextBytes(id);
			return HexFormat.of().formatHex(id);
		}).limit(TRACES);
	}

}
