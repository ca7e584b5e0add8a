package io.observatory.storage.sample.pages;

import java.math.BigDecimal;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class FormatTest {

	private final Format format = new Format();

	@Test
	void aDurationHasThreeDigitsThatCount() {
		assertThat(Stream.of(640L, 1_240L, 56_000L, 999_700L, 2_400_000L, 61_000_000L, 7_500_000_000L)
			.map(this.format::duration))
			.containsExactly("640 µs", "1.24 ms", "56.0 ms", "1.00 s", "2.40 s", "1 m 1 s", "2 h 5 m");
	}

	@Test
	void aCostSaysSomethingHoweverSmall() {
		assertThat(Stream.of("0", "0.00002", "0.000123", "0.0451", "0.5", "12.345", "1234.5")
			.map((usd) -> this.format.cost(new BigDecimal(usd))))
			.containsExactly("$0.00", "<$0.0001", "$0.00012", "$0.045", "$0.50", "$12.35", "$1,234.50");
	}

	@Test
	void whatIsNotKnownIsADash() {
		assertThat(Stream.of(this.format.number(null), this.format.cost(null), this.format.duration((Number) null),
				this.format.percent(null), this.format.time(null)))
			.containsOnly("–");
	}

}
