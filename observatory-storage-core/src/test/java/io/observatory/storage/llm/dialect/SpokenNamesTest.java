package io.observatory.storage.llm.dialect;

import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SpokenNamesTest {

	private final SpokenNames names = new SpokenNames(new VercelAi(), new Langfuse());

	@Test
	void aNameIsOfTheDialectsThatItBeginsLike() {
		for (int i = 0; i < 2; i++) {
			assertThat(this.names.dialects(List.of("http.route", "ai.model.id"))).isEqualTo(0b01);
			assertThat(this.names.dialects(List.of("ai.model.id", "langfuse.trace.name"))).isEqualTo(0b11);
			assertThat(this.names.dialects(List.of("", "ai", "langfuse"))).isZero();
		}
	}

	@Test
	void itIsFoundHoweverManyOthersThereWere() {
		List<String> others = IntStream.range(0, 10_000).mapToObj((i) -> "name." + i).toList();
		assertThat(this.names.dialects(others)).isZero();
		assertThat(this.names.dialects(List.of("langfuse.observation.type"))).isEqualTo(0b10);
		assertThat(this.names.dialects(List.of("langfuse." + "x".repeat(1_000)))).isEqualTo(0b10);
	}

}
