package io.observatory.storage.buffer;

import java.util.List;

/**
 * The rows that wait for one slot, or for whichever slot comes first: a queue for each
 * table. Guarded by the buffer's lock.
 */
final class QueueGroup {

	/** An array, as each row that comes asks all of them. */
	private final RowQueue[] queues;

	QueueGroup(List<RowQueue> queues) {
		this.queues = queues.toArray(RowQueue[]::new);
	}

	RowQueue queue(int table) {
		return this.queues[table];
	}

	long rows() {
		long rows = 0;
		for (RowQueue queue : this.queues) {
			rows += queue.rows();
		}
		return rows;
	}

	long bytes() {
		long bytes = 0;
		for (RowQueue queue : this.queues) {
			bytes += queue.bytes();
		}
		return bytes;
	}

	boolean mustFlush() {
		for (RowQueue queue : this.queues) {
			if (queue.mustFlush()) {
				return true;
			}
		}
		return false;
	}

}
