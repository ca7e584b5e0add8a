package io.observatory.storage.sending;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;

import io.observatory.storage.model.Ids;
import io.observatory.storage.session.LocalFailure;
import io.observatory.storage.session.Session;
import io.observatory.storage.table.Schema;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The row that makes a slot's batches land exactly once. It counts the batches, and it is
 * moved in the transaction of the batch's own data: when a COMMIT got no answer, the row
 * tells whether it took place.
 * <p>
 * Used by the slot's thread alone, but for the counts.
 */
public final class Lane {

	private static final Logger logger = LoggerFactory.getLogger(Lane.class);

	private static final String RETURNING = " RETURNING pg_backend_pid(), " + micros("now()");

	private static final String MOVE = "UPDATE %s SET position = %d, row_count = %d, epoch = %d, "
			+ "backend_pid = pg_backend_pid(), moved_at = now(), updated_at = now() "
			+ "WHERE id = '%s' AND epoch = %d AND position = %d" + RETURNING;

	private static final String MAKE = "INSERT INTO %s (id, writer, slot, epoch, position, row_count, backend_pid, moved_at) "
			+ "VALUES ('%s', '%s', %d, %d, %d, %d, pg_backend_pid(), now())" + RETURNING;

	/** Another one after somebody else has moved this one. */
	private volatile UUID id = Ids.next();

	private final String writer;

	private final int slot;

	private final String table;

	private long epoch;

	/** How many batches were committed. */
	private long position;

	/** How many rows these had. */
	private long rows;

	/** Whether the row was ever seen or committed. */
	private boolean known;

	/** Whether a COMMIT got no answer. */
	private boolean inDoubt;

	/** What the transaction that moved the row last does, be it under way or in doubt. */
	private Step step = Step.NONE;

	private volatile long lostByServer;

	private volatile long sentInDoubt;

	public Lane(String writer, int slot, Schema schema) {
		this.writer = writer;
		this.slot = slot;
		this.table = schema.qualify("lanes");
	}

	/**
	 * Says in the database that lanes are in use, however long they have not moved, so
	 * that nobody cleans them up. One that is moving just now needs no word.
	 */
	public static void renew(Session session, List<Lane> lanes) throws SQLException {
		String sql = "UPDATE %1$s SET updated_at = now() WHERE id IN (SELECT id FROM %1$s WHERE id = ANY (?) FOR UPDATE SKIP LOCKED)"
			.formatted(session.schema().qualify("lanes"));
		session.run((connection) -> {
			try (PreparedStatement statement = connection.prepareStatement(sql)) {
				statement.setArray(1,
						connection.createArrayOf("uuid", lanes.stream().map((lane) -> lane.id).toArray()));
				return statement.executeUpdate();
			}
		});
	}

	/** Returns how many committed rows the server was found to have lost. */
	public long lostByServer() {
		return this.lostByServer;
	}

	/**
	 * Returns how many rows were sent again although nobody could say whether they were
	 * stored, because the lane's row was gone.
	 */
	public long sentInDoubt() {
		return this.sentInDoubt;
	}

	/**
	 * Begins the transaction, and moves the lane to the next position in it.
	 * @param preamble statements to send along, each ended by a semicolon
	 * @param rows how many rows the batch has
	 * @return whether the batch is to be stored; otherwise it turned out to be committed
	 */
	boolean advance(Connection connection, String preamble, long rows) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			Transaction moved = move(statement, preamble + MOVE.formatted(this.table, this.position + 1,
					this.rows + rows, this.epoch, this.id, this.epoch, this.position));
			if (moved != null) {
				this.step = new Step(this.epoch, rows, 0, false, moved);
			}
			else if (reconcile(statement, rows)) {
				return false;
			}
			// whatever was in doubt did not take place
			this.inDoubt = false;
			return true;
		}
	}

	/** Says that the COMMIT is about to be sent. */
	void committing() {
		this.inDoubt = true;
	}

	/** Says that the COMMIT has taken place. */
	void committed() {
		Step done = this.step;
		this.step = Step.NONE;
		this.inDoubt = false;
		this.known = true;
		this.position++;
		this.rows += done.rows();
		this.epoch = done.epoch();
		this.lostByServer += done.lost();
		if (done.maybeTwice()) {
			this.sentInDoubt += done.rows();
			logger.warn("Writer '{}', slot {}: {} rows were sent again that may have been stored before", this.writer,
					this.slot, done.rows());
		}
	}

	/** Returns whether nobody knows yet whether the last batch is in. */
	boolean isInDoubt() {
		return this.inDoubt;
	}

	/**
	 * Ends the session whose transaction still holds the row, as after a network cut that
	 * the server has not noticed. It is known by its process and the start of its
	 * transaction, so that no other one can be hit, also behind a pool of connections.
	 * One that waits for its synchronous standby is left alone: ended, it would be
	 * committed without the standby having it.
	 * @return whether there was one
	 */
	boolean terminateHolder(Connection connection) throws SQLException {
		Transaction zombie = this.step.transaction();
		if (zombie == null) {
			return false;
		}
		try (PreparedStatement statement = connection
			.prepareStatement("SELECT pg_terminate_backend(pid) " + "FROM pg_stat_activity WHERE pid = ? AND "
					+ micros("xact_start") + " = ? " + "AND wait_event IS DISTINCT FROM 'SyncRep'")) {
			statement.setInt(1, zombie.pid());
			statement.setLong(2, zombie.begunMicros());
			try (ResultSet row = statement.executeQuery()) {
				boolean terminated = row.next() && row.getBoolean(1);
				if (terminated) {
					logger.warn("Writer '{}', slot {}: ended the database session {}, which held up the lane",
							this.writer, this.slot, zombie.pid());
				}
				return terminated;
			}
		}
	}

	/**
	 * Finds out why the lane has not moved, and moves it if that can be.
	 * @return whether the batch in doubt was committed
	 */
	private boolean reconcile(Statement statement, long rows) throws SQLException {
		try (ResultSet row = statement.executeQuery("SELECT epoch, position, row_count, backend_pid, "
				+ micros("moved_at") + " FROM " + this.table + " WHERE id = '" + this.id + "'")) {
			if (!row.next()) {
				makeAnew(statement, rows);
				return false;
			}
			long rowEpoch = row.getLong(1);
			long rowPosition = row.getLong(2);
			boolean isNext = rowPosition == this.position + 1
					&& (rowEpoch == this.epoch || rowEpoch == this.step.epoch());
			if (this.inDoubt && isNext
					&& new Transaction(row.getInt(4), row.getLong(5)).equals(this.step.transaction())) {
				return true;
			}
			if (rowEpoch < this.epoch || (rowEpoch == this.epoch && rowPosition < this.position)) {
				catchUp(statement, rowEpoch, rowPosition, this.rows - row.getLong(3), rows);
				return false;
			}
			if (this.inDoubt && !isNext) {
				throw fenced();
			}
		}
		leave(statement, rows);
		return false;
	}

	private void makeAnew(Statement statement, long rows) throws SQLException {
		if (this.known) {
			logger.warn("The lane {} of writer '{}', slot {}, is gone from the database: it is made anew. "
					+ "If the database was restored or has failed over, the last of its {} rows may be gone too",
					this.id, this.writer, this.slot, this.rows);
		}
		// the row that was never seen would be there if the batch were in
		boolean mayBeIn = this.known && (this.inDoubt || this.step.maybeTwice());
		this.step = new Step(this.epoch, rows, 0, mayBeIn, move(statement, MAKE.formatted(this.table, this.id,
				this.writer, this.slot, this.epoch, this.position + 1, this.rows + rows)));
	}

	/**
	 * The server has lost commits, by a failover to a standby that lagged or by a
	 * restore. A new epoch keeps an old connection from moving the lane.
	 */
	private void catchUp(Statement statement, long rowEpoch, long rowPosition, long lost, long rows)
			throws SQLException {
		logger.error("The database has lost {} committed batches, {} rows, of writer '{}', slot {}",
				this.position - rowPosition, lost, this.writer, this.slot);
		Transaction moved = move(statement, MOVE.formatted(this.table, this.position + 1, this.rows + rows,
				this.epoch + 1, this.id, rowEpoch, rowPosition));
		if (moved == null) {
			throw fenced();
		}
		this.step = new Step(this.epoch + 1, rows, lost, false, moved);
	}

	/**
	 * Somebody else has moved the lane, as a copy of this process does after a snapshot
	 * of it or of its machine. What this one has sent is known to be in or not to be in,
	 * so that it may go on in another lane.
	 */
	private void leave(Statement statement, long rows) throws SQLException {
		UUID left = this.id;
		this.id = Ids.next();
		this.epoch = 0;
		this.position = 0;
		this.rows = 0;
		this.known = false;
		this.step = Step.NONE;
		this.inDoubt = false;
		makeAnew(statement, rows);
		logger.warn("Writer '{}', slot {}, takes a new lane: its lane {} was moved by somebody else, "
				+ "as by a copy of this process", this.writer, this.slot, left);
	}

	private LocalFailure fenced() {
		return new LocalFailure("the lane " + this.id + " has been moved by somebody else", "55000");
	}

	/**
	 * Executes statements of which the last one returns the session and the start of its
	 * transaction.
	 * @return the transaction, or null when the lane has not moved
	 */
	private static @Nullable Transaction move(Statement statement, String statements) throws SQLException {
		boolean isResult = statement.execute(statements);
		while (!isResult && statement.getUpdateCount() != -1) {
			isResult = statement.getMoreResults();
		}
		try (ResultSet row = statement.getResultSet()) {
			return row.next() ? new Transaction(row.getInt(1), row.getLong(2)) : null;
		}
	}

	private static String micros(String time) {
		return "(extract(epoch FROM " + time + ") * 1000000)::bigint";
	}

	/**
	 * What a transaction does to the lane when it commits.
	 *
	 * @param epoch the lane's epoch then
	 * @param rows how many rows the batch has
	 * @param lost how many rows the server was found to have lost
	 * @param maybeTwice whether the batch may be in already
	 * @param transaction the transaction, which holds the lane's row while it is open
	 */
	private record Step(long epoch, long rows, long lost, boolean maybeTwice, @Nullable Transaction transaction) {

		static final Step NONE = new Step(0, 0, 0, false, null);

	}

	/**
	 * A transaction that moved the lane's row, and left in it which one it is.
	 *
	 * @param pid the server's process
	 * @param begunMicros when the transaction began, since 1970
	 */
	private record Transaction(int pid, long begunMicros) {
	}

}
