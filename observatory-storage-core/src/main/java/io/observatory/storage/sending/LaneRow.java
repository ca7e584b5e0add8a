package io.observatory.storage.sending;

import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * The row of a lane in the database.
 *
 * @param place where it is
 * @param mover the transaction that moved it last
 */
record LaneRow(Place place, Transaction mover) {

	static final String COLUMNS = "epoch, position, row_count, backend_pid, " + micros("moved_at");

	static LaneRow read(ResultSet row) throws SQLException {
		return new LaneRow(new Place(row.getLong(1), row.getLong(2), row.getLong(3)),
				new Transaction(row.getInt(4), row.getLong(5)));
	}

	/** Returns an expression for a time, in microseconds since 1970. */
	static String micros(String time) {
		return "(extract(epoch FROM " + time + ") * 1000000)::bigint";
	}

	/**
	 * Where the row is.
	 *
	 * @param epoch raised by each new owner
	 * @param position how many batches were committed
	 * @param rows how many rows these had
	 */
	record Place(long epoch, long position, long rows) {

		static final Place START = new Place(0, 0, 0);

		Place next(long epoch, long rows) {
			return new Place(epoch, this.position + 1, this.rows + rows);
		}

		boolean isBefore(Place other) {
			return this.epoch < other.epoch || (this.epoch == other.epoch && this.position < other.position);
		}

	}

	/**
	 * A transaction that moved the lane's row, and left in it which one it is.
	 *
	 * @param pid the server's process
	 * @param begunMicros when the transaction began, since 1970
	 */
	record Transaction(int pid, long begunMicros) {
	}

}
