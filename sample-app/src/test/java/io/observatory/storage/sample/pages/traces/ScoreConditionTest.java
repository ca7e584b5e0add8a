package io.observatory.storage.sample.pages.traces;

import java.util.Map;

import io.observatory.storage.sample.pages.InvalidParameterException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ScoreConditionTest {

	@ParameterizedTest
	@CsvSource(textBlock = """
			helpful,           helpful,    ,
			' helpful ',       helpful,    ,
			helpful=false,     helpful,    =,  false
			helpful = 0,       helpful,    =,  0
			answer is right>3, answer is right, >, 3
			relevance <= -0.5, relevance,  <=, -0.5
			ratio >= +1,       ratio,      >=, +1
			verdict = a=b,     verdict,    =,  a=b
			""")
	void aNameAndWhatItIsComparedWith(String text, String name, String operator, String value) {
		assertThat(ScoreCondition.parse(text)).isEqualTo(new ScoreCondition(name, operator, value));
	}

	@ParameterizedTest
	@ValueSource(strings = { "helpful < high", "helpful >", "helpful < 1e999", "helpful < NaN", "= 1 <" })
	void aComparisonNeedsANumber(String text) {
		assertThatExceptionOfType(InvalidParameterException.class).isThrownBy(() -> ScoreCondition.parse(text));
	}

	@Test
	void onlyWhatIsAskedForIsAParameter() {
		assertThat(ScoreCondition.parse("helpful").parameters()).isEqualTo(Map.of("scoreName", "helpful"));
		assertThat(ScoreCondition.parse("helpful > 1").parameters())
			.isEqualTo(Map.of("scoreName", "helpful", "scoreValue", 1.0));
		assertThat(ScoreCondition.parse("helpful = yes").parameters()).containsEntry("scoreLabel", "yes")
			.containsEntry("scoreValue", null);
	}

}
