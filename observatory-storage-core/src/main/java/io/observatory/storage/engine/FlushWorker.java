package io.observatory.storage.engine;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;

import io.observatory.storage.buffer.Batch;
import io.observatory.storage.buffer.BatchSource;
import io.observatory.storage.buffer.Rewind;
import io.observatory.storage.config.RetryConfig;
import io.observatory.storage.error.StorageException;
import io.observatory.storage.sending.BatchSender;
import io.observatory.storage.sending.Delivery;
import io.observatory.storage.sending.Lane;
import io.observatory.storage.sending.Outcome;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A flush in flight: takes a batch, and sends it until its outcome is known; then the
 * next one. After a failed retry cycle it pauses before it tries again.
 * <p>
 * Whatever is thrown, be it an error or an interrupt from outside, it keeps its batch and
 * goes on. Only where a batch cannot even be taken does it end, and says so.
 */
final class FlushWorker implements Runnable {

	private static final Logger logger = LoggerFactory.getLogger(FlushWorker.class);

	private final int index;

	private final BatchSource batches;

	private final Lanes lanes;

	private final BatchSender sender;

	private final RetryCycle retry;

	private final PendingFlushes flushes;

	private final Throughput throughput;

	private final Clock clock;

	private final Consumer<Throwable> onDeath;

	private final Backoff backoff = new Backoff();

	private final ThrottledLog occasionally = new ThrottledLog();

	private volatile boolean ended;

	private volatile @Nullable Failure failure;

	FlushWorker(int index, BatchSource batches, Lanes lanes, BatchSender sender, RetryConfig retry,
			PendingFlushes flushes, Throughput throughput, Clock clock, Consumer<Throwable> onDeath) {
		this.index = index;
		this.batches = batches;
		this.lanes = lanes;
		this.sender = sender;
		this.retry = new RetryCycle(retry, this.backoff, throughput::retried);
		this.flushes = flushes;
		this.throughput = throughput;
		this.clock = clock;
		this.onDeath = onDeath;
	}

	@Override
	public void run() {
		try {
			for (Batch batch = take(); batch != null; batch = take()) {
				deliver(batch);
			}
		}
		catch (RuntimeException | Error ex) {
			this.onDeath.accept(ex);
		}
	}

	/** Cuts a wait between two attempts short. */
	void probeNow() {
		this.backoff.cutShort();
	}

	/** Gives up the batch that it is at, if any. */
	void end() {
		this.ended = true;
		probeNow();
	}

	@Nullable Failure failure() {
		return this.failure;
	}

	private @Nullable Batch take() {
		while (!this.ended) {
			try {
				return this.batches.take(this.index);
			}
			catch (InterruptedException ex) {
				// whoever it was: only the end of the writer ends this thread
			}
		}
		return null;
	}

	private void deliver(Batch batch) {
		long begun = System.nanoTime();
		Delivery delivery = this.sender.delivery(this.lanes.of(batch), batch);
		for (int failed = 0; !this.ended && !cycle(batch, delivery, begun); failed++) {
			pause(RetryCycle.pauseAfter(failed));
		}
	}

	/** Returns whether the batch is settled. */
	private boolean cycle(Batch batch, Delivery delivery, long begun) {
		try {
			Outcome outcome = this.retry.call(() -> send(delivery));
			this.failure = null;
			if (delivery.isElsewhere()) {
				rewind(batch, delivery.lane());
				return true;
			}
			// before the batch is settled: whoever sees it settled sees it counted
			this.throughput.settled(batch.rows(), System.nanoTime() - begun);
			this.flushes.settle(batch, outcome);
			return true;
		}
		catch (StorageException ex) {
			failed(batch, ex);
		}
		catch (RuntimeException | Error ex) {
			failed(batch, this.sender.unexpected(ex));
		}
		return false;
	}

	/** The batch is given up, and the rows that come next are taken instead. */
	private void rewind(Batch batch, Lane lane) {
		Rewind rewind = this.batches.rewind(batch, lane.rows());
		lane.rewound(rewind.again(), rewind.notKept());
	}

	/** What cuts a wait short from now on is newer than this attempt. */
	private Outcome send(Delivery delivery) {
		if (this.ended) {
			throw new StorageException("The writer is closed", false, null);
		}
		this.backoff.reset();
		return this.sender.send(delivery);
	}

	private void failed(Batch batch, StorageException ex) {
		if (this.ended) {
			return;
		}
		// before the flush fails: whoever sees it failed sees since when
		this.failure = new Failure(ex, since());
		try {
			this.flushes.failed(batch, ex);
			this.occasionally
				.run(() -> logger.warn("{}. Its {} rows are kept and sent again", ex.getMessage(), batch.rows()));
		}
		catch (RuntimeException | Error again) {
			// of the log, or no memory is left: the next cycle says it
		}
	}

	private @Nullable Instant since() {
		Failure before = this.failure;
		if (before != null && before.since() != null) {
			return before.since();
		}
		try {
			return this.clock.instant();
		}
		catch (RuntimeException | Error ex) {
			// the clock is the application's: the next cycle asks it again
			return null;
		}
	}

	private void pause(Duration duration) {
		try {
			this.backoff.await(duration);
		}
		catch (InterruptedException ex) {
			// as above
		}
	}

	/**
	 * Why a worker makes no progress.
	 *
	 * @param exception the last failure
	 * @param since when the first one was, if the clock could tell
	 */
	record Failure(StorageException exception, @Nullable Instant since) {
	}

}
