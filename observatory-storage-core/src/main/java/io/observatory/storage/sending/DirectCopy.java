package io.observatory.storage.sending;

import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;

import io.observatory.storage.row.Rows;
import io.observatory.storage.session.CopyLoader;
import io.observatory.storage.session.ErrorClass;
import io.observatory.storage.session.LocalFailure;
import io.observatory.storage.session.RowLoader;
import io.observatory.storage.table.Table;

/**
 * COPY straight into a table with keys, in the hope that all rows are new. A row that is
 * not fails the transaction, and the batch is sent again; so after one the next batches
 * go by way of the stage, which any row may. Thread-safe.
 */
final class DirectCopy {

	/** So many batches do without after one that was not all new. */
	private static final int CAUTION = 10;

	/** Without a stage COPY is worth it sooner: as parameters rows are text. */
	private static final int MIN_ROWS = 16;

	private static final String UNIQUE_VIOLATION = "23505";

	/** Row-level security allows COPY into a stage, but not into the table. */
	private static final String NOT_SUPPORTED = "0A000";

	private final AtomicInteger caution = new AtomicInteger();

	private volatile boolean impossible;

	/**
	 * Appends the rows, if that is worth trying.
	 * @return whether they are stored; otherwise nothing has happened
	 */
	boolean append(RowLoader loader, Table<?> table, Rows rows) throws SQLException {
		if (this.impossible || !(loader instanceof CopyLoader)
				|| !(rows.count() >= MIN_ROWS || CopyLoader.isWorthIt(rows))
				|| this.caution.getAndUpdate((left) -> Math.max(0, left - 1)) > 0) {
			return false;
		}
		try {
			loader.append(table, rows);
			return true;
		}
		catch (SQLException ex) {
			String state = ErrorClass.sqlState(ex);
			if (UNIQUE_VIOLATION.equals(state)) {
				duplicateSeen();
			}
			if (NOT_SUPPORTED.equals(state)) {
				this.impossible = true;
				throw new LocalFailure("COPY cannot go straight into " + table.name(), ErrorClass.SEND_AGAIN);
			}
			throw ex;
		}
	}

	/** Says that not all rows were new. */
	void duplicateSeen() {
		this.caution.set(CAUTION);
	}

}
