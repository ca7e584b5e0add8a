package io.observatory.storage.sending;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;

import io.observatory.storage.model.Ids;
import io.observatory.storage.session.LocalFailure;
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

	private final UUID id = Ids.next();

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

	/** The batch whose COMMIT got no answer, and what it came to if it took place. */
	private @Nullable Outcome inDoubt;

	/** The step that the transaction under way, or in doubt, makes. */
	private Step step = new Step(0, 0, 0, false);

	/** The transaction that moved the row last, should it still hold it. */
	private @Nullable Holder holder;

	private volatile long lostByServer;

	private volatile long sentInDoubt;

	Lane(String writer, int slot, Schema schema) {
		this.writer = writer;
		this.slot = slot;
		this.table = schema.qualify("lanes");
	}

	UUID id() {
		return this.id;
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
	 * @param settings statements to send along, each ended by a semicolon
	 * @param rows how many rows the batch has
	 * @return the outcome of the batch if it turns out to be committed already, else null
	 */
	@Nullable Outcome advance(Connection connection, String settings, long rows) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			if (!moved(statement, settings + move(rows))) {
				Outcome outcome = examine(statement, rows);
				if (outcome != null) {
					return outcome;
				}
			}
			else {
				this.step = new Step(this.epoch, rows, 0, false);
			}
			// whatever was in doubt did not take place
			this.inDoubt = null;
			return null;
		}
	}

	/** Remembers what the COMMIT that is about to be sent will have done. */
	void committing(Outcome outcome) {
		this.inDoubt = outcome;
	}

	/** Says that the COMMIT has taken place. */
	void committed() {
		this.position++;
		this.rows += this.step.rows();
		this.epoch = this.step.epoch();
		this.lostByServer += this.step.lost();
		if (this.step.inDoubt()) {
			this.sentInDoubt += this.step.rows();
			logger.warn("Writer '{}', slot {}: {} rows were sent again that may have been stored before", this.writer,
					this.slot, this.step.rows());
		}
		this.step = new Step(this.epoch, 0, 0, false);
		this.inDoubt = null;
		this.holder = null;
		this.known = true;
	}

	/** Returns whether nobody knows yet whether the last batch is in. */
	boolean isInDoubt() {
		return this.inDoubt != null;
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
		Holder zombie = this.holder;
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

	private @Nullable Outcome examine(Statement statement, long rows) throws SQLException {
		try (ResultSet row = statement
			.executeQuery("SELECT epoch, position, row_count FROM " + this.table + " WHERE id = '" + this.id + "'")) {
			if (!row.next()) {
				return missing(statement, rows);
			}
			long rowEpoch = row.getLong(1);
			long rowPosition = row.getLong(2);
			boolean ours = rowEpoch == this.epoch || rowEpoch == this.step.epoch();
			if (ours && rowPosition == this.position + 1 && this.inDoubt != null) {
				return this.inDoubt;
			}
			if (rowEpoch < this.epoch || (rowEpoch == this.epoch && rowPosition < this.position)) {
				return behind(statement, rowEpoch, rowPosition, this.rows - row.getLong(3), rows);
			}
		}
		throw fenced();
	}

	private @Nullable Outcome missing(Statement statement, long rows) throws SQLException {
		if (this.known) {
			logger.warn("The lane {} of writer '{}', slot {}, is gone from the database: it is made anew. "
					+ "If the database was restored or has failed over, the last of its {} rows may be gone too",
					this.id, this.writer, this.slot, this.rows);
		}
		hold(statement,
				"INSERT INTO %s (id, writer, slot, epoch, position, row_count, backend_pid) "
						+ "VALUES ('%s', '%s', %d, %d, %d, %d, pg_backend_pid())",
				this.table, this.id, this.writer, this.slot, this.epoch, this.position + 1, this.rows + rows);
		// the row that was never seen would be there if the batch were in
		boolean mayBeIn = this.known && (this.inDoubt != null || this.step.inDoubt());
		this.step = new Step(this.epoch, rows, 0, mayBeIn);
		return null;
	}

	/**
	 * The server has lost commits, by a failover to a standby that lagged or by a
	 * restore. A new epoch keeps an old connection from moving the lane.
	 */
	private @Nullable Outcome behind(Statement statement, long rowEpoch, long rowPosition, long lost, long rows)
			throws SQLException {
		logger.error("The database has lost {} committed batches, {} rows, of writer '{}', slot {}",
				this.position - rowPosition, lost, this.writer, this.slot);
		boolean moved = hold(statement,
				"UPDATE %s SET epoch = %d, position = %d, row_count = %d, backend_pid = pg_backend_pid(), "
						+ "updated_at = now() WHERE id = '%s' AND epoch = %d AND position = %d",
				this.table, this.epoch + 1, this.position + 1, this.rows + rows, this.id, rowEpoch, rowPosition);
		if (!moved) {
			throw fenced();
		}
		this.step = new Step(this.epoch + 1, rows, lost, false);
		return null;
	}

	private LocalFailure fenced() {
		return new LocalFailure("the lane " + this.id + " has been moved by somebody else", "55000");
	}

	private String move(long rows) {
		return "UPDATE %s SET position = %d, row_count = %d, backend_pid = pg_backend_pid(), updated_at = now() WHERE id = '%s' AND epoch = %d AND position = %d"
			.formatted(this.table, this.position + 1, this.rows + rows, this.id, this.epoch, this.position) + RETURNING;
	}

	private boolean hold(Statement statement, String sql, Object... arguments) throws SQLException {
		return moved(statement, sql.formatted(arguments) + RETURNING);
	}

	/**
	 * Executes statements of which the last one returns the session and the start of its
	 * transaction.
	 */
	private boolean moved(Statement statement, String statements) throws SQLException {
		boolean isResult = statement.execute(statements);
		while (!isResult && statement.getUpdateCount() != -1) {
			isResult = statement.getMoreResults();
		}
		try (ResultSet row = statement.getResultSet()) {
			boolean moved = row.next();
			if (moved) {
				this.holder = new Holder(row.getInt(1), row.getLong(2));
			}
			return moved;
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
	 * @param inDoubt whether the batch may be in already
	 */
	private record Step(long epoch, long rows, long lost, boolean inDoubt) {
	}

	/**
	 * A transaction that holds the lane's row.
	 *
	 * @param pid the server's process
	 * @param begunMicros when the transaction began, since 1970
	 */
	private record Holder(int pid, long begunMicros) {
	}

}
