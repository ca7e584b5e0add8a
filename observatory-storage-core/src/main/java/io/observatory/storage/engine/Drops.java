package io.observatory.storage.engine;

import java.util.List;

import io.observatory.storage.buffer.DropReason;
import io.observatory.storage.config.DropListener;
import io.observatory.storage.config.DropListener.Drop;
import io.observatory.storage.row.RowEncoder;
import io.observatory.storage.table.Table;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says what a writer has dropped: to the log once in a while, to the listener each time.
 * Thread-safe.
 */
final class Drops {

	private static final Logger logger = LoggerFactory.getLogger(Drops.class);

	private final String writer;

	private final List<Table<?>> tables;

	private final DropListener listener;

	private final ThrottledLog warnings = new ThrottledLog();

	private final ThrottledLog expiries = new ThrottledLog();

	private final ThrottledLog failures = new ThrottledLog();

	Drops(String writer, List<Table<?>> tables, DropListener listener) {
		this.writer = writer;
		this.tables = tables;
		this.listener = listener;
	}

	/**
	 * Says that the encoder's rows were dropped as the buffer was full.
	 * @param sofar how many were until now
	 */
	void bufferFull(RowEncoder rows, long sofar) {
		this.warnings.run(() -> logger.warn("The buffer of the writer '{}' is full: it drops records ({}), {} so far",
				this.writer, DropReason.BUFFER_FULL, sofar));
		long[] byTable = new long[this.tables.size()];
		for (int i = 0; i < rows.rows(); i++) {
			byTable[rows.table(i)]++;
		}
		tell(DropReason.BUFFER_FULL, byTable);
	}

	/**
	 * Says that rows were dropped for their age.
	 * @param sofar how many were until now
	 */
	void expired(long[] byTable, long sofar) {
		this.expiries
			.run(() -> logger.warn("The writer '{}' drops records that are older than the retention ({}): {} so far",
					this.writer, DropReason.EXPIRED, sofar));
		tell(DropReason.EXPIRED, byTable);
	}

	/**
	 * Tells the listener how many rows of each table were dropped.
	 */
	void tell(DropReason reason, long[] byTable) {
		for (int i = 0; i < byTable.length; i++) {
			if (byTable[i] > 0) {
				tell(new Drop(this.writer, reason, this.tables.get(i).name(), byTable[i]));
			}
		}
	}

	private void tell(Drop drop) {
		try {
			this.listener.dropped(drop);
		}
		catch (RuntimeException | Error ex) {
			// its message might hold anything
			this.failures.run(() -> logger.warn("The DropListener {} threw {}", this.listener.getClass().getName(),
					ex.getClass().getName()));
		}
	}

}
