package io.observatory.storage.sample.intake;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class MemoryBudgetTest {

	private final MemoryBudget memory = new MemoryBudget(1000);

	@Test
	void whatOthersHaveIsRefusedForNow() {
		try (MemoryLease one = this.memory.lease(); MemoryLease other = this.memory.lease()) {
			one.reserve(600);
			assertRefused(RefusalReason.NO_MEMORY, () -> other.reserve(401));
			other.reserve(400);
			one.close();
			other.reserve(600);
		}
		assertThat(this.memory.used()).isZero();
	}

	@Test
	void whatNeverFitsIsRefusedForGood() {
		try (MemoryLease lease = this.memory.lease()) {
			lease.reserve(500);
			assertRefused(RefusalReason.TOO_LARGE, () -> lease.reserve(501));
			assertRefused(RefusalReason.TOO_LARGE, () -> lease.reserve(Long.MAX_VALUE));
		}
		assertThat(this.memory.used()).isZero();
	}

	@Test
	void aClosedLeaseHasNothing() {
		MemoryLease lease = this.memory.lease();
		lease.reserve(10);
		lease.close();
		lease.close();
		lease.release(10);
		assertRefused(RefusalReason.NO_MEMORY, () -> lease.reserve(1));
		assertThat(this.memory.used()).isZero();
	}

	@Test
	void manyThreadsNeverHaveMoreThanThereIs() {
		List<CompletableFuture<Void>> threads = new ArrayList<>();
		for (int i = 0; i < 8; i++) {
			threads.add(CompletableFuture.runAsync(() -> {
				for (int j = 0; j < 10_000; j++) {
					try (MemoryLease lease = this.memory.lease()) {
						lease.reserve(ThreadLocalRandom.current().nextInt(400));
						assertThat(this.memory.used()).isBetween(0L, 1000L);
					}
					catch (RequestException ex) {
						assertThat(ex.reason()).isEqualTo(RefusalReason.NO_MEMORY);
					}
				}
			}));
		}
		CompletableFuture.allOf(threads.toArray(CompletableFuture[]::new)).join();
		assertThat(this.memory.used()).isZero();
	}

	private static void assertRefused(RefusalReason reason, Runnable reserving) {
		assertThatExceptionOfType(RequestException.class).isThrownBy(reserving::run)
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(reason));
	}

}
