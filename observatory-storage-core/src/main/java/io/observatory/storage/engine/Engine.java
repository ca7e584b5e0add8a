package io.observatory.storage.engine;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;

import javax.sql.DataSource;

import io.observatory.storage.buffer.Buffer;
import io.observatory.storage.buffer.BufferCounters;
import io.observatory.storage.buffer.DropReason;
import io.observatory.storage.buffer.RowBuffer;
import io.observatory.storage.buffer.disk.DiskFailure;
import io.observatory.storage.buffer.disk.SpoolBuffer;
import io.observatory.storage.config.SpoolConfig;
import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.error.StorageException;
import io.observatory.storage.error.WriterClosedException;
import io.observatory.storage.sending.BatchSender;
import io.observatory.storage.sending.Sender;
import io.observatory.storage.sending.TableStore;
import io.observatory.storage.session.Session;
import io.observatory.storage.session.Untraced;
import io.observatory.storage.stats.BufferStats;
import io.observatory.storage.stats.FlushLatency;
import io.observatory.storage.stats.FlushResult;
import io.observatory.storage.stats.SpoolStats;
import io.observatory.storage.stats.WriteStats;
import io.observatory.storage.stats.WriterStatus;
import io.observatory.storage.stats.WriterStatus.State;
import io.observatory.storage.table.Table;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What stands behind every writer: joins the buffer with the sending by the slots'
 * threads. Knows tables and rows, but no record type.
 */
public final class Engine {

	private static final Logger logger = LoggerFactory.getLogger(Engine.class);

	private final String name;

	private final WriterConfig config;

	private final List<Table<?>> tables;

	private final Buffer buffer;

	/** The buffer, if it is on disk. */
	private final @Nullable SpoolBuffer spool;

	private final Session session;

	private final Lanes lanes;

	private final PendingFlushes flushes;

	private final Throughput throughput = new Throughput();

	private final ScheduledThreadPoolExecutor timer;

	private final List<FlushWorker> slots = new ArrayList<>();

	private final List<Thread> threads = new ArrayList<>();

	private final Drops drops;

	private final Admission admission;

	private final AtomicBoolean closing = new AtomicBoolean();

	private final CountDownLatch closed = new CountDownLatch(1);

	/** Made beforehand: there may be no memory left for it when it is needed. */
	private final StorageException threadEnded;

	private volatile boolean paused;

	private volatile boolean failed;

	private Engine(String name, DataSource dataSource, WriterConfig config, List<TableStore> stores) {
		this.name = name;
		this.config = config;
		this.session = new Session(name, dataSource, config.sessionSettings());
		Sender sender = new Sender(this.session, stores);
		this.tables = sender.tables();
		SpoolConfig onDisk = config.spool();
		this.spool = (onDisk != null) ? SpoolFactory.create(name, config, onDisk, this.tables) : null;
		this.buffer = (this.spool != null) ? this.spool
				: new RowBuffer(name, config.bufferLimits(), config.maxConcurrency(), this.tables.size());
		// what is left by processes that are gone has a slot of its own
		int workers = config.maxConcurrency() + ((this.spool != null) ? 1 : 0);
		this.lanes = new Lanes(name, (this.spool != null) ? 0 : workers, this.session);
		this.drops = new Drops(name, this.tables, config.dropListener());
		this.admission = new Admission(this.buffer, this.tables, this.drops, config);
		this.flushes = new PendingFlushes(this.buffer);
		this.timer = new ScheduledThreadPoolExecutor(1,
				(task) -> Untraced.daemon(task, "observatory-" + name + "-timer"));
		this.timer.setRemoveOnCancelPolicy(true);
		this.threadEnded = new StorageException("The writer '" + name + "' has failed: a thread of it was ended by an "
				+ "error that the log shows. It stores nothing more; start the program anew", false, null);
		BatchSender batches = new BatchSender(name, this.session, sender, config.maxDeadLetters());
		for (int i = 0; i < workers; i++) {
			FlushWorker slot = new FlushWorker(i, this.buffer, this.lanes, batches, config.retry(), this.flushes,
					this.throughput, config.clock(), this::fail);
			this.slots.add(slot);
			this.threads.add(Untraced.daemon(slot, "observatory-" + name + "-" + i));
		}
	}

	public static Engine start(String name, DataSource dataSource, WriterConfig config, List<TableStore> stores) {
		Engine engine = new Engine(name, dataSource, config, stores);
		engine.threads.forEach(Thread::start);
		if (engine.spool != null) {
			Untraced.daemon(engine.spool.upkeep(), "observatory-" + name + "-spool").start();
		}
		return engine;
	}

	public Admission admission() {
		return this.admission;
	}

	public CompletableFuture<FlushResult> flushAsync() {
		return this.closing.get() ? CompletableFuture.failedFuture(new WriterClosedException(this.name))
				: beginFlush().forOthers("observatory-" + this.name + "-callback");
	}

	private PendingFlush beginFlush() {
		PendingFlush flush = this.flushes.begin();
		if (this.failed) {
			flush.fail(this.threadEnded);
		}
		else if (!flush.future().isDone()) {
			this.slots.forEach(FlushWorker::probeNow);
			failWhenOverdue(flush);
		}
		return flush;
	}

	private void failWhenOverdue(PendingFlush flush) {
		try {
			ScheduledFuture<?> deadline = this.timer.schedule(() -> flush.fail(overdue()),
					this.config.flushTimeout().toMillis(), TimeUnit.MILLISECONDS);
			flush.future().whenComplete((result, failure) -> deadline.cancel(false));
		}
		catch (RejectedExecutionException ex) {
			flush.fail(new WriterClosedException(this.name));
		}
	}

	/** Has a bound of its own, should the timer be late. */
	public FlushResult flush() {
		if (this.closing.get()) {
			throw new WriterClosedException(this.name);
		}
		try {
			return beginFlush().future().get(this.config.flushTimeout().toMillis() + 1000, TimeUnit.MILLISECONDS);
		}
		catch (TimeoutException ex) {
			throw overdue();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new StorageException("Interrupted while flushing the writer '" + this.name
					+ "'; its records are kept and stored in the background", true, null);
		}
		catch (ExecutionException ex) {
			if (ex.getCause() instanceof StorageException failure) {
				throw failure;
			}
			throw new CompletionException(ex.getCause());
		}
	}

	private StorageException overdue() {
		return new StorageException(
				"The writer '" + this.name + "' could not flush within " + this.config.flushTimeout().toMillis() + " ms"
						+ (this.paused ? ": it is paused" : "") + "; its records are kept and stored in the background",
				true, null);
	}

	public void requestFlush() {
		this.buffer.flush();
	}

	public void renewLanes() {
		try {
			this.lanes.renew();
		}
		catch (SQLException ex) {
			throw this.session.failure("The writer '" + this.name + "' could not renew its lanes", ex);
		}
	}

	public AutoFlush startAutoFlush() {
		if (this.closing.get()) {
			throw new WriterClosedException(this.name);
		}
		long interval = this.config.flushInterval().toMillis();
		ScheduledFuture<?> flushing = this.timer.scheduleWithFixedDelay(this::flushOrSayWhyNot, interval, interval,
				TimeUnit.MILLISECONDS);
		return () -> flushing.cancel(false);
	}

	/** What is thrown here would end the time-based flush without a word. */
	private void flushOrSayWhyNot() {
		try {
			requestFlush();
		}
		catch (RuntimeException | Error ex) {
			logger.error("The writer '{}' could not flush in time: {}", this.name, ex.getClass().getName());
		}
	}

	/** A flush worker has ended: nobody else may take its batches. */
	private void fail(Throwable cause) {
		this.failed = true;
		this.admission.fail(this.threadEnded);
		this.flushes.abandon(this.threadEnded);
		this.flushes.failAll(this.threadEnded);
		logger.error("{} ({})", this.threadEnded.getMessage(), cause.getClass().getName());
	}

	public void pause(boolean pause) {
		this.paused = pause;
		this.buffer.pause(pause);
	}

	public WriterConfig config() {
		return this.config;
	}

	public String name() {
		return this.name;
	}

	public BufferStats bufferStats() {
		BufferCounters tally = this.buffer.tally();
		SpoolConfig onDisk = this.config.spool();
		return new BufferStats(tally.buffered(), tally.bufferedBytes(),
				(onDisk != null) ? null : Long.valueOf(this.config.maxBufferRows()),
				(onDisk != null) ? onDisk.maxBytes() : this.config.maxBufferBytes(), tally.inFlight(),
				tally.inFlightBytes());
	}

	/** Returns null if the buffer is in memory. */
	public @Nullable SpoolStats spoolStats() {
		return (this.spool != null) ? this.spool.stats() : null;
	}

	public WriteStats writeStats() {
		BufferCounters tally = this.buffer.tally();
		FlushLatency latency = this.throughput.latency();
		return new WriteStats(tally.accepted(), tally.recovered(), tally.stored(), tally.deadLettered(),
				tally.dropped(), tally.buffered(), tally.inFlight(), this.admission.refused(), tally.replaced(),
				tally.truncated(), latency.count(), this.throughput.retries(), this.lanes.lostByServer(),
				this.lanes.sentInDoubt(), this.throughput.rowsPerSecond(), latency);
	}

	public WriterStatus status() {
		if (this.closing.get()) {
			return new WriterStatus(State.CLOSED, null, null, null);
		}
		if (this.failed) {
			return new WriterStatus(State.FAILED, this.threadEnded.getMessage(), null, null);
		}
		WriterStatus status = new WriterStatus(this.paused ? State.PAUSED : State.RUNNING, null, null, null);
		for (FlushWorker slot : this.slots) {
			FlushWorker.Failure failure = slot.failure();
			if (failure != null && status.state() != State.STOPPED) {
				StorageException ex = failure.exception();
				status = new WriterStatus(ex.isRetryable() ? State.RETRYING : State.STOPPED, ex.getMessage(),
						ex.sqlState(), failure.since());
			}
		}
		DiskFailure disk = (this.spool != null) ? this.spool.failure() : null;
		if (disk == null || status.reason() != null) {
			return status;
		}
		return new WriterStatus(this.paused ? State.PAUSED : State.RETRYING, disk.reason(), null, disk.since());
	}

	public void close() {
		if (this.closing.compareAndSet(false, true)) {
			try {
				drain();
			}
			finally {
				this.closed.countDown();
			}
		}
		else {
			awaitClosed();
		}
	}

	private void drain() {
		this.buffer.close();
		logBegin();
		this.slots.forEach(FlushWorker::probeNow);
		long lost = this.buffer.awaitEmpty(this.config.closeTimeout().toNanos()) ? 0 : abandon();
		this.flushes.completeSettled();
		this.slots.forEach(FlushWorker::end);
		this.timer.shutdownNow();
		this.threads.forEach(Thread::interrupt);
		this.buffer.release();
		logEnd(lost);
	}

	private long abandon() {
		StorageException failure = new StorageException(
				"The writer '" + this.name + "' was closed before it could store what it had buffered"
						+ ((this.config.spool() != null) ? "; the next process does" : ""),
				false, null);
		this.flushes.abandon(failure);
		long[] rows = this.buffer.abandon();
		this.flushes.failAll(failure);
		this.slots.forEach(FlushWorker::end);
		this.session.abort();
		this.drops.tell(DropReason.CLOSED, rows);
		return LongStream.of(rows).sum();
	}

	/** Whoever waits for the end of the process is to know what for. */
	private void logBegin() {
		long held = this.buffer.tally().held();
		if (held > 0) {
			logger.info("The writer '{}' stores the {} rows that it still has, for at most {} ms", this.name, held,
					this.config.closeTimeout().toMillis());
		}
	}

	/** Says what became of all records, also when all went well. */
	private void logEnd(long lost) {
		BufferCounters tally = this.buffer.tally();
		String numbers = "%d accepted = %d stored + %d dead-lettered + %d dropped".formatted(tally.accepted(),
				tally.stored(), tally.deadLettered(), tally.droppedTotal());
		if (lost > 0 && this.paused && this.config.closeTimeout().isZero()) {
			logger.info(
					"The writer '{}' is closed while it is paused, and was not to wait: {} rows are discarded ({}). {}",
					this.name, lost, DropReason.CLOSED, numbers);
		}
		else if (lost > 0) {
			logger.error(
					"The writer '{}' was closed before it could store {} rows within {} ms: they are lost ({}). {}. "
							+ "A longer close-timeout waits longer; with a spool the next process stores them",
					this.name, lost, this.config.closeTimeout().toMillis(), DropReason.CLOSED, numbers);
		}
		else if (this.config.spool() != null && tally.buffered() > 0) {
			logger.warn("The writer '{}' is closed. {} + {} kept in {} for the next process", this.name, numbers,
					tally.buffered(), this.config.spool().directory().toAbsolutePath());
		}
		else {
			logger.info("The writer '{}' is closed. {}", this.name, numbers);
		}
	}

	private void awaitClosed() {
		try {
			if (!this.closed.await(this.config.closeTimeout().toMillis() + 1000, TimeUnit.MILLISECONDS)) {
				logger.warn("The writer '{}' is still being closed by another thread", this.name);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
