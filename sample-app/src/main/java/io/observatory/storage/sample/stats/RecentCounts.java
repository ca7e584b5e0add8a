package io.observatory.storage.sample.stats;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.stereotype.Component;
import org.springframework.util.ClassUtils;

/**
 * The rows of the tables, counted at most once a second and by one thread at a time,
 * whatever the number of requests.
 */
@Component
class RecentCounts {

	static final Duration REMEMBERED = Duration.ofSeconds(1);

	private static final Logger logger = LoggerFactory.getLogger(RecentCounts.class);

	private final Supplier<Map<String, Long>> source;

	private final LongSupplier nanoTime;

	private final AtomicReference<CompletableFuture<Counted>> last = new AtomicReference<>(
			CompletableFuture.failedFuture(new IllegalStateException("Not counted yet")));

	@Autowired
	RecentCounts(TableCounts tables) {
		this(tables::count, System::nanoTime);
	}

	RecentCounts(Supplier<Map<String, Long>> source, LongSupplier nanoTime) {
		this.source = source;
		this.nanoTime = nanoTime;
	}

	/**
	 * Returns the number of rows of each table, at most a second old. A request that
	 * arrives while another thread counts occupies no thread.
	 */
	CompletableFuture<Map<String, Long>> get() {
		CompletableFuture<Counted> own = new CompletableFuture<>();
		CompletableFuture<Counted> current = this.last.updateAndGet((last) -> isRecent(last) ? last : own);
		if (current == own) {
			count(own);
		}
		return current.thenApply(Counted::rows);
	}

	private boolean isRecent(CompletableFuture<Counted> counting) {
		return !counting.isDone() || (!counting.isCompletedExceptionally()
				&& this.nanoTime.getAsLong() - counting.join().nanoTime() < REMEMBERED.toNanos());
	}

	private void count(CompletableFuture<Counted> counting) {
		try {
			counting.complete(new Counted(this.source.get(), this.nanoTime.getAsLong()));
		}
		catch (RuntimeException | Error ex) {
			// its message would show the statement
			logger.warn("The tables could not be counted: {}",
					ClassUtils.getShortName(NestedExceptionUtils.getMostSpecificCause(ex).getClass()));
			counting.completeExceptionally(ex);
		}
	}

	private record Counted(Map<String, Long> rows, long nanoTime) {
	}

}
