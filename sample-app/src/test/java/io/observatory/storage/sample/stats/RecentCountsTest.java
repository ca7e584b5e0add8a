package io.observatory.storage.sample.stats;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RecentCountsTest {

	private final AtomicLong nanoTime = new AtomicLong(Long.MAX_VALUE - 1);

	private final AtomicInteger counted = new AtomicInteger();

	private Map<String, Long> count() {
		return Map.of("logs", (long) this.counted.incrementAndGet());
	}

	@Test
	void aCountIsRememberedForASecond() {
		RecentCounts counts = new RecentCounts(this::count, this.nanoTime::get);
		assertThat(counts.get().join()).isEqualTo(Map.of("logs", 1L));
		this.nanoTime.addAndGet(RecentCounts.REMEMBERED.toNanos() - 1);
		assertThat(counts.get().join()).isEqualTo(Map.of("logs", 1L));
		this.nanoTime.addAndGet(1);
		assertThat(counts.get().join()).isEqualTo(Map.of("logs", 2L));
	}

	@Test
	void whoeverAsksWhileItIsCountedGetsThatCount() throws Exception {
		CountDownLatch asked = new CountDownLatch(1);
		CountDownLatch answer = new CountDownLatch(1);
		RecentCounts counts = new RecentCounts(() -> {
			asked.countDown();
			await(answer);
			return count();
		}, this.nanoTime::get);
		Thread first = new Thread(counts::get, "counts");
		first.start();
		await(asked);
		// however long the count takes
		this.nanoTime.addAndGet(RecentCounts.REMEMBERED.multipliedBy(9).toNanos());
		List<CompletableFuture<Map<String, Long>>> others = Stream.generate(counts::get).limit(100).toList();
		assertThat(others).allSatisfy((other) -> assertThat(other).isNotDone());
		answer.countDown();
		assertThat(others).allSatisfy(
				(other) -> assertThat(other).succeedsWithin(30, TimeUnit.SECONDS).isEqualTo(Map.of("logs", 1L)));
		first.join();
	}

	private static void await(CountDownLatch latch) {
		try {
			assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void aFailureIsSaidAndForgotten() {
		RecentCounts counts = new RecentCounts(() -> {
			if (this.counted.get() == 0) {
				this.counted.incrementAndGet();
				throw new IllegalStateException("no connection");
			}
			return count();
		}, this.nanoTime::get);
		assertThat(counts.get()).failsWithin(Duration.ZERO)
			.withThrowableThat()
			.havingRootCause()
			.withMessage("no connection");
		assertThat(counts.get().join()).isEqualTo(Map.of("logs", 2L));
	}

}
