package io.observatory.storage.llm.name;

import java.util.Arrays;
import java.util.List;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class FinishReasonsTest {

	@ParameterizedTest
	@CsvSource({ "stop, stop", "STOP, stop", "end_turn, stop", "stop_sequence, stop", "eos, stop", "COMPLETE, stop",
			"FinishReason.STOP, stop", "length, length", "max_tokens, length", "MAX_TOKENS, length",
			"max_output_tokens, length", "tool_calls, tool_calls", "tool-calls, tool_calls", "tool_use, tool_calls",
			"tool_call, tool_calls", "function_call, tool_calls", "content_filter, content_filter",
			"content-filter, content_filter", "SAFETY, content_filter", "refusal, content_filter",
			"guardrail_intervened, content_filter", "error, error", "pause_turn, pause_turn", "OTHER, other" })
	void aReasonHasOneForm(String sent, String canonical) {
		assertThat(FinishReasons.canonical(sent)).isEqualTo(canonical);
	}

	@Test
	void aListIsReadWhicheverWayItIsWritten() {
		List<String> both = List.of("stop", "length");
		assertThat(FinishReasons.canonicalList(both)).isEqualTo(both);
		assertThat(FinishReasons.canonicalList(new String[] { "STOP", "MAX_TOKENS" })).isEqualTo(both);
		assertThat(FinishReasons.canonicalList("[\"stop\", \"length\"]")).isEqualTo(both);
		assertThat(FinishReasons.canonicalList("['stop', 'length']")).isEqualTo(both);
		assertThat(FinishReasons.canonicalList("stop, length")).isEqualTo(both);
		assertThat(FinishReasons.canonicalList("[stop, length]")).isEqualTo(both);
		assertThat(FinishReasons.canonicalList("('stop',)")).containsExactly("stop");
		assertThat(FinishReasons.canonicalList("stop")).containsExactly("stop");
		assertThat(FinishReasons.canonicalList(Arrays.asList("stop", null))).containsExactly("stop");
		assertThat(FinishReasons.canonicalList(List.of())).isEmpty();
		assertThat(FinishReasons.canonicalList("[]")).isEmpty();
		assertThat(FinishReasons.canonicalList("\u2003")).as("white space of another kind").isEmpty();
		assertThat(FinishReasons.canonicalList("stop,\u2003length")).isEqualTo(both);
		assertThat(FinishReasons.canonicalList(null)).isEmpty();
	}

	@Property(tries = 500)
	void anyTextHasAFormWhichIsItsOwn(@ForAll String text) {
		List<String> reasons = FinishReasons.canonicalList(text);
		assertThat(FinishReasons.canonicalList(reasons)).isEqualTo(reasons);
	}

}
