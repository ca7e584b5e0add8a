package io.observatory.storage.engine;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import io.observatory.storage.buffer.Batch;
import io.observatory.storage.buffer.RowBuffer;
import io.observatory.storage.config.RetryConfig;
import io.observatory.storage.error.StorageException;
import io.observatory.storage.sending.Delivery;
import io.observatory.storage.sending.Lane;
import io.observatory.storage.sending.Outcome;
import io.observatory.storage.sending.PostgresSink;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A flush in flight: takes a batch, and sends it until its outcome is known; then the
 * next one. After a failed retry cycle it pauses, longer each time, before it tries
 * again.
 */
final class FlushWorker implements Runnable {

	private static final Logger logger = LoggerFactory.getLogger(FlushWorker.class);

	/** How many seconds to wait after one, two, three and more failed cycles. */
	private static final int[] PAUSES = { 1, 2, 5 };

	private final int index;

	private final String writer;

	private final RowBuffer buffer;

	private final PostgresSink sink;

	private final Lane lane;

	private final RetryCycle retry;

	private final PendingFlushes flushes;

	private final Throughput throughput;

	private final Clock clock;

	private final ThrottledLog occasionally = new ThrottledLog();

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition probe = this.lock.newCondition();

	private boolean probeNow;

	private volatile boolean ended;

	private volatile @Nullable Failure failure;

	FlushWorker(int index, String writer, RowBuffer buffer, PostgresSink sink, RetryConfig retry,
			PendingFlushes flushes, Throughput throughput, Clock clock) {
		this.index = index;
		this.writer = writer;
		this.buffer = buffer;
		this.sink = sink;
		this.lane = sink.lane(index);
		this.retry = new RetryCycle(retry, throughput::retried);
		this.flushes = flushes;
		this.throughput = throughput;
		this.clock = clock;
	}

	@Override
	public void run() {
		try {
			Batch batch = this.buffer.take(this.index);
			while (batch != null && !this.ended) {
				deliver(batch);
				batch = this.buffer.take(this.index);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/** Cuts a pause short. */
	void probeNow() {
		this.lock.lock();
		try {
			this.probeNow = true;
			this.probe.signal();
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Gives up the batch that it is at, if any. */
	void end() {
		this.ended = true;
		probeNow();
	}

	@Nullable Failure failure() {
		return this.failure;
	}

	Lane lane() {
		return this.lane;
	}

	private void deliver(Batch batch) throws InterruptedException {
		long begun = System.nanoTime();
		Delivery delivery = this.sink.delivery(this.lane, batch.tables());
		for (int cycle = 0; !this.ended; cycle++) {
			try {
				forgetProbe();
				Outcome outcome = send(delivery);
				settle(batch, outcome, System.nanoTime() - begun);
				return;
			}
			catch (StorageException ex) {
				if (this.ended) {
					return;
				}
				failed(batch, ex);
				pause(Duration.ofSeconds(PAUSES[Math.min(cycle, PAUSES.length - 1)]));
			}
		}
	}

	private Outcome send(Delivery delivery) {
		try {
			return this.retry.call(() -> this.sink.store(delivery));
		}
		catch (StorageException ex) {
			throw ex;
		}
		catch (RuntimeException | Error ex) {
			// a fault of ours, of the data source's, or no memory left; its message might
			// hold anything
			throw new StorageException(
					"The writer '" + this.writer + "' could not store a batch: unexpected " + ex.getClass().getName(),
					false, null);
		}
	}

	private void settle(Batch batch, Outcome outcome, long nanos) {
		this.failure = null;
		// before the batch is settled: whoever sees it settled sees it counted
		this.throughput.settled(batch.rows(), nanos);
		this.flushes.settle(batch, outcome);
	}

	private void failed(Batch batch, StorageException ex) {
		Failure before = this.failure;
		Instant since = (before != null) ? before.since() : this.clock.instant();
		this.failure = new Failure(ex, since);
		this.occasionally
			.run(() -> logger.warn("{}. Its {} rows are kept and sent again", ex.getMessage(), batch.rows()));
		this.flushes.failed(batch, ex);
	}

	/** A probe asked for while an attempt was under way is answered by that attempt. */
	private void forgetProbe() {
		this.lock.lock();
		try {
			this.probeNow = false;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void pause(Duration duration) throws InterruptedException {
		this.lock.lockInterruptibly();
		try {
			long left = duration.toNanos();
			while (!this.probeNow && left > 0) {
				left = this.probe.awaitNanos(left);
			}
			this.probeNow = false;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Why a slot does not get on.
	 *
	 * @param exception the last failure
	 * @param since when the first one was
	 */
	record Failure(StorageException exception, Instant since) {
	}

}
