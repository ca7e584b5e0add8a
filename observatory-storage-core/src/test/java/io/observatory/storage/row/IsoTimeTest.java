package io.observatory.storage.row;

import java.time.Instant;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Times are written as Java writes them.
 */
class IsoTimeTest {

	@Property(tries = 2000, seed = "1")
	void aTimeIsWrittenAsJavaWritesIt(@ForAll @LongRange(min = -100_000_000_000L, max = 400_000_000_000L) long second,
			@ForAll @IntRange(max = 999_999_999) int nano) {
		assertThat(IsoTime.text(Instant.ofEpochSecond(second, nano)))
			.isEqualTo(Instant.ofEpochSecond(second, nano).toString());
	}

	@Property(tries = 500, seed = "1")
	void aFractionHasThreeSixOrNineDigits(@ForAll @IntRange(max = 999) int thousandths, @ForAll boolean micros) {
		Instant time = Instant.parse("2026-02-28T23:59:59Z").plusNanos(thousandths * (micros ? 1000L : 1_000_000L));
		assertThat(IsoTime.text(time)).isEqualTo(time.toString());
	}

	@Test
	void theFirstAndTheLastAreWrittenToo() {
		for (String time : new String[] { "1970-01-01T00:00:00Z", "2000-02-29T00:00:00.000000001Z",
				"9999-12-31T23:59:59.999999999Z" }) {
			assertThat(IsoTime.text(Instant.parse(time))).isEqualTo(time);
		}
		assertThat(IsoTime.takes(Instant.parse("9999-12-31T23:59:59.999999999Z").plusNanos(1))).isFalse();
		assertThat(IsoTime.takes(Instant.EPOCH.minusNanos(1))).isFalse();
	}

	@Test
	void theArrayIsReused() {
		IsoTime iso = new IsoTime();
		iso.write(Instant.parse("2026-11-25T01:02:03.123456789Z"));
		char[] text = iso.write(Instant.parse("2027-01-02T03:04:05Z"));
		assertThat(new String(text, 0, iso.length())).isEqualTo("2027-01-02T03:04:05Z");
	}

}
