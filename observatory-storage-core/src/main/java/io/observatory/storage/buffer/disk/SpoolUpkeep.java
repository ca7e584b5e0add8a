package io.observatory.storage.buffer.disk;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.observatory.storage.spool.LogDirectory;
import io.observatory.storage.spool.SpoolLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a spool needs from time to time, on a thread of its own: rows forced to the disk,
 * notes of what is stored, segments and logs deleted that are not needed any more, logs
 * of dead processes taken over, and what somebody has removed put right.
 */
final class SpoolUpkeep implements Runnable {

	private static final Logger logger = LoggerFactory.getLogger(SpoolUpkeep.class);

	private static final Duration MAX_PAUSE = Duration.ofMillis(250);

	private static final long ADOPTION_NANOS = TimeUnit.SECONDS.toNanos(10);

	private static final long END_SECONDS = 5;

	/** Longer than any log lives. */
	private static final Duration FOR_EVER = Duration.ofDays(36_500);

	private final String writer;

	private final SpoolSettings settings;

	private final SpoolQueues queues;

	private final SpoolLogs logs;

	private final CountDownLatch ending = new CountDownLatch(1);

	private final CountDownLatch ended = new CountDownLatch(1);

	private long adoptedNanos = System.nanoTime() - ADOPTION_NANOS;

	SpoolUpkeep(String writer, SpoolSettings settings, SpoolQueues queues, SpoolLogs logs) {
		this.writer = writer;
		this.settings = settings;
		this.queues = queues;
		this.logs = logs;
	}

	@Override
	public void run() {
		try {
			do {
				try {
					keepUp();
				}
				catch (RuntimeException | Error ex) {
					logger.error("The upkeep of the spool of the writer '{}' failed: {}", this.writer,
							ex.getClass().getName());
				}
			}
			while (!this.ending.await(pause().toMillis(), TimeUnit.MILLISECONDS));
		}
		catch (InterruptedException ex) {
			// the writer is closed
		}
		finally {
			this.ended.countDown();
		}
	}

	private Duration pause() {
		Duration sync = this.settings.syncInterval();
		return (this.settings.forced() && sync.compareTo(MAX_PAUSE) < 0 && !sync.isZero()) ? sync : MAX_PAUSE;
	}

	/** Ends, and waits for it. */
	void end() {
		this.ending.countDown();
		try {
			if (!this.ended.await(END_SECONDS, TimeUnit.SECONDS)) {
				logger.warn("The upkeep of the spool of the writer '{}' does not end", this.writer);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void keepUp() {
		this.logs.makeMissing();
		if (System.nanoTime() - this.adoptedNanos >= ADOPTION_NANOS) {
			this.adoptedNanos = System.nanoTime();
			adopt();
		}
		Duration keep = this.logs.isNearlyFull() ? Duration.ZERO : this.settings.keepSent();
		for (LogQueue queue : this.logs.all()) {
			try {
				keepUp(queue, keep);
			}
			catch (IOException ex) {
				this.logs.writing().fails(DiskState.reason(ex));
			}
		}
		this.queues.sample();
	}

	private void keepUp(LogQueue queue, Duration keep) throws IOException {
		SpoolLog log = queue.log();
		log.storedUpTo(queue.settled());
		if (this.settings.forced() && !this.settings.forcesEach() && !queue.isAdopted()) {
			log.force();
		}
		if (this.queues.forgets(queue, keep)) {
			log.delete();
		}
		else {
			log.trim(this.queues.mayTrim(queue, keep) ? keep : FOR_EVER);
		}
	}

	private void adopt() {
		try {
			for (LogDirectory orphan : this.settings.directory().adopt(this.writer)) {
				adopt(orphan);
			}
		}
		catch (IOException ex) {
			logger.warn("The spool in {} cannot be looked through for logs of dead processes: {}", this.logs.path(),
					DiskState.reason(ex));
		}
	}

	/** One that cannot be opened is left to the next time. */
	private void adopt(LogDirectory orphan) {
		boolean taken = false;
		try {
			SpoolLog log = this.logs.open(orphan);
			if (log.endRow() == 0) {
				log.delete();
			}
			else {
				LogQueue queue = LogQueue.adopted(log);
				this.queues.adopt(queue, log.read(queue.next(), 1, 1).acceptedMillis());
				logger.info("The writer '{}' takes over the log {} of a process that is gone: {} rows", this.writer,
						orphan.path(), queue.rows());
			}
			taken = true;
		}
		catch (IOException ex) {
			logger.warn("The log {} of a process that is gone cannot be read: {}", orphan.path(), DiskState.reason(ex));
		}
		finally {
			if (!taken) {
				close(orphan);
			}
		}
	}

	private static void close(LogDirectory orphan) {
		try {
			orphan.close();
		}
		catch (IOException ex) {
			logger.warn("The log {} could not be closed: {}", orphan.path(), DiskState.reason(ex));
		}
	}

}
