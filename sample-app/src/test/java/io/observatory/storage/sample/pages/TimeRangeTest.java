package io.observatory.storage.sample.pages;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class TimeRangeTest {

	private static final Instant NOW = Instant.parse("2026-11-27T09:31:17.250Z");

	@Test
	void itIsTheLastHourUnlessSomethingElseIsSaid() {
		TimeRange range = TimeRange.of(null, "", null, NOW);
		assertThat(range.from()).isEqualTo("2026-11-27T08:31:00Z");
		assertThat(range.to()).isEqualTo(NOW);
		assertThat(range.link("/traces")).hasToString("/traces");
	}

	@Test
	void everyChoiceIsCutIntoAReadableNumberOfBuckets() {
		TimeRange.CHOICES.forEach((name, length) -> {
			TimeRange range = TimeRange.of(name, null, null, NOW);
			assertThat(range.length()).as(name).isBetween(length, length.plus(range.step()));
			assertThat(range.buckets()).as(name).hasSizeBetween(30, 92);
			assertThat(range.buckets().get(0)).as(name).isEqualTo(range.from());
		});
	}

	@Property
	void bucketsCoverTheTimeAndEachOther(@ForAll @LongRange(min = 1, max = 31_000_000) long seconds,
			@ForAll @LongRange(min = 0, max = 4_000_000_000L) long start) {
		Instant from = Instant.ofEpochSecond(start);
		TimeRange range = new TimeRange(from, from.plusSeconds(seconds), null);
		List<Instant> buckets = range.buckets();
		assertThat(buckets.get(0)).isBetween(from.minus(range.step()), from);
		assertThat(buckets.get(buckets.size() - 1).plus(range.step())).isAfterOrEqualTo(range.to());
		assertThat(buckets).hasSizeLessThanOrEqualTo(93);
	}

	@Test
	void givenEndsAreTakenWithTheirZoneOrAsUtc() {
		TimeRange range = TimeRange.of("1h", "2026-11-27T08:00", "2026-11-27T12:00:00+02:00", NOW);
		assertThat(range.from()).isEqualTo("2026-11-27T08:00:00Z");
		assertThat(range.to()).isEqualTo("2026-11-27T10:00:00Z");
		assertThat(range.link("/")).hasToString("/?from=2026-11-27T08%3A00%3A00Z&to=2026-11-27T10%3A00%3A00Z");
		assertThat(range.previous().from()).isEqualTo("2026-11-27T06:00:00Z");
		assertThat(range.previous().to()).isEqualTo(range.from());
		assertThat(range.previous().length()).isEqualTo(Duration.ofHours(2));
	}

	@Test
	void whatIsNoTimeIsSaidWithoutRepeatingIt() {
		assertThatThrownBy(() -> TimeRange.of("<b>", null, null, NOW)).isInstanceOf(InvalidParameterException.class)
			.hasMessage("range must be one of 15m, 1h, 6h, 24h, 7d, 30d.");
		assertThatThrownBy(() -> TimeRange.of(null, "yesterday", null, NOW)).hasMessageStartingWith("from must be");
		assertThatThrownBy(() -> TimeRange.of(null, "2026-11-27T08:00", "2026-11-27T08:00", NOW))
			.hasMessageStartingWith("from must be before");
		assertThatThrownBy(() -> TimeRange.of(null, "2020-01-01T00:00", null, NOW)).hasMessageContaining("366 days");
	}

}
