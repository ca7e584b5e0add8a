package io.observatory.storage.sample.pages.overview;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import io.observatory.storage.sample.pages.TimeRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class CallFiguresTest {

	private static final Instant FROM = Instant.parse("2026-03-28T23:00:00Z");

	private static final TimeRange RANGE = new TimeRange(FROM, FROM.plusSeconds(3600), null);

	private final List<Call> calls = new ArrayList<>();

	private void call(int second, @Nullable Long duration, String model, boolean failed, @Nullable Long tokens,
			@Nullable String cost) {
		this.calls.add(new Call(UUID.randomUUID(), FROM.plusSeconds(second), duration, model, failed, tokens,
				(cost != null) ? new BigDecimal(cost) : null));
	}

	@Test
	void callsCountInTheirBucketInTheirModelInBothAndInAll() {
		call(0, 5L, "a", false, 1L, "0.1");
		call(59, 7L, "a", true, null, null);
		call(60, 9L, "a", false, 2L, "0.2");
		call(60, null, "b", false, null, null);
		Instant next = FROM.plusSeconds(60);
		assertThat(CallFigures.of(RANGE, this.calls)).containsExactlyInAnyOrder(
				figures(null, null, 4, 1, 7L, 9L, 3L, "0.3"), figures(FROM, null, 2, 1, 5L, 7L, 1L, "0.1"),
				figures(next, null, 2, 0, 9L, 9L, 2L, "0.2"), figures(null, "a", 3, 1, 7L, 9L, 3L, "0.3"),
				figures(null, "b", 1, 0, null, null, null, null), figures(FROM, "a", 2, 1, 5L, 7L, 1L, "0.1"),
				figures(next, "a", 1, 0, 9L, 9L, 2L, "0.2"), figures(next, "b", 1, 0, null, null, null, null));
		assertThat(CallFigures.all(this.calls)).isEqualTo(figures(null, null, 4, 1, 7L, 9L, 3L, "0.3"));
	}

	private static Figures figures(@Nullable Instant bucket, @Nullable String model, long calls, long failed,
			@Nullable Long p50, @Nullable Long p95, @Nullable Long tokens, @Nullable String cost) {
		return new Figures(bucket, model, calls, failed, p50, p95, p95, tokens,
				(cost != null) ? new BigDecimal(cost) : null);
	}

	@Test
	void aPercentileIsTheSmallestThatSoManyAreNotAbove() {
		for (long i = 1000; i > 0; i--) {
			call((int) i, i, "a", false, null, null);
		}
		Figures all = CallFigures.all(this.calls);
		assertThat(List.of(all.p50(), all.p95(), all.p99())).containsExactly(500L, 950L, 990L);
	}

	@Test
	void aPercentileOfSoManyThatItsRankIsWholeIsOfThatRank() {
		for (int count = 1; count <= 300; count++) {
			call(0, (long) count, "a", false, null, null);
			Figures all = CallFigures.all(this.calls);
			assertThat(List.of(all.p50(), all.p95(), all.p99())).containsExactly((count * 50L + 99) / 100,
					(count * 95L + 99) / 100, (count * 99L + 99) / 100);
		}
	}

	@Test
	void tokensBeyondAnyNumberAreTheLargest() {
		call(0, 1L, "a", false, Long.MAX_VALUE - 1, null);
		call(0, 1L, "a", false, 5L, null);
		call(0, 1L, "b", false, 5L, null);
		assertThat(CallFigures.all(this.calls).tokens()).isEqualTo(Long.MAX_VALUE);
	}

}
