package io.observatory.storage.buffer.disk;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.observatory.storage.spool.LogDirectory;
import io.observatory.storage.spool.LogSettings;
import io.observatory.storage.spool.SpoolLog;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The logs of a buffer on disk: one for each slot, and those of dead processes. Their
 * queues are guarded by the buffer's lock; which logs there are, and how much room they
 * leave, may be asked without it.
 */
final class SpoolLogs {

	private static final Logger logger = LoggerFactory.getLogger(SpoolLogs.class);

	private final String writer;

	private final SpoolSettings settings;

	private final LogSettings logSettings;

	/** Null where the disk did not allow one yet. */
	private final AtomicReferenceArray<@Nullable LogQueue> own;

	private final List<LogQueue> adopted = new CopyOnWriteArrayList<>();

	/** What the logs take on disk, at most. */
	private final AtomicLong bytes = new AtomicLong();

	private final DiskState writing;

	private volatile int sharedSlot;

	private int adoptedTurn;

	SpoolLogs(String writer, SpoolSettings settings) {
		this.writer = writer;
		this.settings = settings;
		this.logSettings = new LogSettings(settings.segmentBytes(), settings.forcesEach(), settings.clock());
		this.own = new AtomicReferenceArray<>(settings.slots());
		this.writing = new DiskState(settings.clock());
	}

	/** Returns whether rows can be written. */
	DiskState writing() {
		return this.writing;
	}

	/** Returns all of them, own and adopted ones. */
	List<LogQueue> all() {
		return Stream.concat(IntStream.range(0, this.own.length()).mapToObj(this.own::get), this.adopted.stream())
			.filter((queue) -> queue != null)
			.toList();
	}

	List<LogQueue> adopted() {
		return this.adopted;
	}

	@Nullable LogQueue own(int slot) {
		return this.own.get(slot);
	}

	/** Makes the logs of slots that have none. */
	void makeMissing() {
		for (int slot = 0; slot < this.own.length(); slot++) {
			if (this.own.get(slot) == null) {
				try {
					this.own.set(slot, make());
					this.writing.works();
				}
				catch (IOException ex) {
					this.writing.fails(DiskState.reason(ex));
				}
			}
		}
	}

	private LogQueue make() throws IOException {
		LogDirectory made = this.settings.directory().create(this.writer);
		SpoolLog log = null;
		try {
			log = SpoolLog.create(made, this.logSettings);
			return LogQueue.own(log);
		}
		finally {
			if (log == null) {
				made.delete();
			}
		}
	}

	SpoolLog open(LogDirectory orphan) throws IOException {
		return SpoolLog.open(orphan);
	}

	/** Returns the slot whose log gets rows that any slot may send. */
	int sharedSlot() {
		return this.sharedSlot;
	}

	/**
	 * Chooses that slot: the same one until it has enough for a batch, then the one with
	 * the fewest.
	 */
	void share(int batchRows) {
		if (rows(this.sharedSlot) >= batchRows) {
			for (int slot = 0; slot < this.own.length(); slot++) {
				if (rows(slot) < rows(this.sharedSlot)) {
					this.sharedSlot = slot;
				}
			}
		}
	}

	private long rows(int slot) {
		LogQueue queue = this.own.get(slot);
		return (queue != null) ? queue.rows() : Long.MAX_VALUE;
	}

	/** Returns the log that the slot has something to do for, if any. */
	@Nullable LogQueue due(int slot) {
		List<LogQueue> queues = ofSlot(slot);
		for (int i = 0; i < queues.size(); i++) {
			LogQueue queue = queues.get((this.adoptedTurn + i) % queues.size());
			if (isDue(queue)) {
				this.adoptedTurn++;
				return queue;
			}
		}
		return null;
	}

	/** Returns whether the slot has nothing more to send. */
	boolean isDrained(int slot) {
		return ofSlot(slot).stream().allMatch(LogQueue::isDrained);
	}

	private List<LogQueue> ofSlot(int slot) {
		if (slot == this.own.length()) {
			return this.adopted;
		}
		LogQueue queue = this.own.get(slot);
		return (queue != null) ? List.of(queue) : List.of();
	}

	/**
	 * Returns whether so many bytes fit on top of what there is. At the bound, rows that
	 * are stored go first, however short a time ago.
	 */
	boolean hasRoom(long more) {
		if (this.bytes.addAndGet(more) <= this.settings.maxBytes()) {
			return true;
		}
		long missing = count() + more - this.settings.maxBytes();
		if (missing > 0) {
			makeRoom(missing);
			missing = count() + more - this.settings.maxBytes();
		}
		this.bytes.addAndGet(more);
		return missing <= 0;
	}

	/** Returns whether there is not much room left. */
	boolean isNearlyFull() {
		return count() > this.settings.maxBytes() / 10 * 9;
	}

	/** Returns how many bytes they take, counted anew. */
	long count() {
		long count = all().stream().mapToLong((queue) -> queue.log().bytes()).sum();
		this.bytes.set(count);
		return count;
	}

	private void makeRoom(long missing) {
		long left = missing;
		for (LogQueue queue : all()) {
			if (left > 0) {
				try {
					queue.log().storedUpTo(queue.settled());
					left -= queue.log().makeRoom(left);
				}
				catch (IOException ex) {
					this.writing.fails(DiskState.reason(ex));
				}
			}
		}
	}

	/** Returns whether the slot has something to do for a log of its own. */
	boolean isDue(LogQueue queue) {
		return queue.isDue(this.settings.limits().batchSize(), this.settings.limits().maxBatchBytes());
	}

	/** Lets go of all logs. One of which nothing is left is deleted. */
	void release() {
		for (LogQueue queue : all()) {
			SpoolLog log = queue.log();
			try {
				log.storedUpTo(queue.settled());
				if (log.endRow() == 0) {
					log.delete();
				}
				else {
					log.close();
				}
			}
			catch (IOException ex) {
				logger.warn("The log {} could not be closed: {}", log.directory().path(), DiskState.reason(ex));
			}
		}
	}

	Path path() {
		return this.settings.directory().path();
	}

}
