package io.observatory.storage.sample.pages.trace;

import java.time.Instant;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class GivenScoreTest {

	@ParameterizedTest
	@CsvSource({ "1, true, true", "0, false, false", "4,, 4", "4, good, 4 good", ", pass, pass", "-0.25,, -0.25",
			"1e300,, 1.0E300" })
	void theOpinionIsTheNumberAndTheLabel(Double value, String label, String shown) {
		assertThat(new GivenScore(null, "helpful", "user", value, label, null, Instant.EPOCH).opinion())
			.isEqualTo(shown);
	}

}
