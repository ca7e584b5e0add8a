package io.observatory.storage.engine;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

import io.observatory.storage.buffer.FlushMark;
import io.observatory.storage.error.StorageException;
import io.observatory.storage.sending.Outcome;
import io.observatory.storage.stats.FlushResult;

/**
 * A flush that somebody waits for.
 */
final class PendingFlush {

	private final FlushMark mark;

	private final long begun = System.nanoTime();

	private final CompletableFuture<FlushResult> future = new CompletableFuture<>();

	private final AtomicLong stored = new AtomicLong();

	private final AtomicLong deadLettered = new AtomicLong();

	PendingFlush(FlushMark mark) {
		this.mark = mark;
	}

	FlushMark mark() {
		return this.mark;
	}

	CompletableFuture<FlushResult> future() {
		return this.future;
	}

	/**
	 * Returns a future for others, whose callbacks may block: it is completed by a thread
	 * of its own, so that nothing waits for them, not even the callbacks of another.
	 */
	CompletableFuture<FlushResult> forOthers(String thread) {
		if (this.future.isDone()) {
			return this.future;
		}
		CompletableFuture<FlushResult> copy = new CompletableFuture<>();
		this.future.whenComplete((result, failure) -> {
			Thread teller = new Thread(() -> {
				if (failure != null) {
					copy.completeExceptionally(failure);
				}
				else {
					copy.complete(result);
				}
			}, thread);
			teller.setDaemon(true);
			teller.start();
		});
		return copy;
	}

	void add(Outcome outcome) {
		this.stored.addAndGet(outcome.stored());
		this.deadLettered.addAndGet(outcome.deadLettered());
	}

	void complete() {
		this.future.complete(new FlushResult(this.mark.rows(), this.stored.get(), this.deadLettered.get(),
				Duration.ofNanos(System.nanoTime() - this.begun)));
	}

	/**
	 * Fails with an exception of its own, as several callers may get the same failure.
	 */
	void fail(StorageException failure) {
		this.future.completeExceptionally(
				new StorageException(String.valueOf(failure.getMessage()), failure.isRetryable(), failure.sqlState()));
	}

}
