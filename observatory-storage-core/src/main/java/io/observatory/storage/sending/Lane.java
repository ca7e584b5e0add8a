package io.observatory.storage.sending;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

import io.observatory.storage.model.Ids;
import io.observatory.storage.sending.LaneRow.Place;
import io.observatory.storage.sending.LaneRow.Transaction;
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
public class Lane {

	private static final Logger logger = LoggerFactory.getLogger(Lane.class);

	private static final String RETURNING = " RETURNING pg_backend_pid(), " + LaneRow.micros("now()");

	private static final String MOVE = "UPDATE %s SET position = ?, row_count = ?, epoch = ?, "
			+ "backend_pid = pg_backend_pid(), moved_at = now(), updated_at = now() "
			+ "WHERE id = ? AND epoch = ? AND position = ?" + RETURNING;

	private static final String MAKE = "INSERT INTO %s (id, writer, slot, epoch, position, row_count, backend_pid, moved_at) "
			+ "VALUES (?, ?, ?, ?, ?, ?, pg_backend_pid(), now())" + RETURNING;

	/** Another one after somebody else has moved this one. */
	private volatile UUID id;

	final String writer;

	final int slot;

	final String table;

	/** Always the same text, so that driver and server parse it once a connection. */
	private final String move;

	/** Where the row is. */
	private Place place = Place.START;

	/** Whether the row was ever seen or committed. */
	private boolean known;

	/** Whether a COMMIT got no answer. */
	private boolean inDoubt;

	/** What the transaction that moved the row last does, be it under way or in doubt. */
	private Step step = Step.NONE;

	volatile long lostByServer;

	volatile long sentInDoubt;

	/** Makes a lane that no process but this one has. */
	public Lane(String writer, int slot, Schema schema) {
		this(writer, slot, schema, Ids.next());
	}

	Lane(String writer, int slot, Schema schema, UUID id) {
		this.id = id;
		this.writer = writer;
		this.slot = slot;
		this.table = schema.qualify("lanes");
		this.move = MOVE.formatted(this.table);
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
	public final long lostByServer() {
		return this.lostByServer;
	}

	/**
	 * Returns how many rows were sent again although nobody could say whether they were
	 * stored, because the lane's row was gone.
	 */
	public final long sentInDoubt() {
		return this.sentInDoubt;
	}

	/**
	 * Says what it means for a log on disk that the lane was found elsewhere.
	 * @param again how many rows are sent again that had been stored
	 * @param notKept how many had been stored and cannot be sent again
	 */
	public void rewound(long again, long notKept) {
		throw new IllegalStateException("Only the rows of a log can be sent again");
	}

	/** Returns how many rows were committed: the number of the one that comes next. */
	public final long rows() {
		return this.place.rows();
	}

	/**
	 * Begins the transaction, and moves the lane in it.
	 * @param preamble statements to send along, each ended by a semicolon
	 * @param from the number of the first row that the batch covers
	 * @param to the number after the last one
	 */
	final Answer advance(Connection connection, String preamble, long from, long to) throws SQLException {
		Answer answer = tryToMove(connection, preamble, from, to);
		// otherwise whatever was in doubt did not take place
		this.inDoubt &= answer == Answer.STORED;
		return answer;
	}

	Answer tryToMove(Connection connection, String preamble, long from, long to) throws SQLException {
		return move(connection, preamble, this.place, this.place.epoch(), to - from, 0) ? Answer.SEND
				: reconcile(connection, from, to);
	}

	/** Says that the COMMIT is about to be sent. */
	final void committing() {
		this.inDoubt = true;
	}

	/** Says that the COMMIT has taken place. */
	void committed() {
		Step done = this.step;
		this.step = Step.NONE;
		this.inDoubt = false;
		this.known = true;
		this.place = done.to();
		this.lostByServer += done.lost();
		if (done.maybeTwice()) {
			this.sentInDoubt += done.rows();
			logger.warn("Writer '{}', slot {}: {} rows were sent again that may have been stored before", this.writer,
					this.slot, done.rows());
		}
	}

	/** Returns whether nobody knows yet whether the last batch is in. */
	final boolean isInDoubt() {
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
	final boolean terminateHolder(Connection connection) throws SQLException {
		Transaction zombie = this.step.transaction();
		if (zombie == null) {
			return false;
		}
		try (PreparedStatement statement = connection
			.prepareStatement("SELECT pg_terminate_backend(pid) " + "FROM pg_stat_activity WHERE pid = ? AND "
					+ LaneRow.micros("xact_start") + " = ? " + "AND wait_event IS DISTINCT FROM 'SyncRep'")) {
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
	 */
	private Answer reconcile(Connection connection, long from, long to) throws SQLException {
		LaneRow row = find(connection);
		if (row == null) {
			return gone(connection, from, to);
		}
		boolean isNext = row.place().position() == this.place.position() + 1
				&& (row.place().epoch() == this.place.epoch() || row.place().epoch() == this.step.to().epoch());
		if (isNext && tookPlace(row)) {
			return Answer.STORED;
		}
		if (row.place().isBefore(this.place)) {
			return wentBack(connection, row.place(), from, to);
		}
		if (this.inDoubt && !isNext) {
			throw movedByOthers();
		}
		return wasMoved(connection, from, to);
	}

	private @Nullable LaneRow find(Connection connection) throws SQLException {
		try (PreparedStatement statement = connection
			.prepareStatement("SELECT " + LaneRow.COLUMNS + " FROM " + this.table + " WHERE id = ?")) {
			statement.setObject(1, this.id);
			try (ResultSet row = statement.executeQuery()) {
				return row.next() ? LaneRow.read(row) : null;
			}
		}
	}

	/** Returns whether the transaction in doubt is the one that moved the row last. */
	final boolean tookPlace(LaneRow row) {
		return this.inDoubt && row.mover().equals(this.step.transaction());
	}

	/**
	 * The row is gone: it is made anew.
	 */
	Answer gone(Connection connection, long from, long to) throws SQLException {
		if (this.known) {
			logger.warn("The lane {} of writer '{}', slot {}, is gone from the database: it is made anew. "
					+ "If the database was restored or has failed over, the last of its {} rows may be gone too",
					this.id, this.writer, this.slot, this.place.rows());
		}
		// the row that was never seen would be there if the batch were in
		boolean mayBeIn = this.known && (this.inDoubt || this.step.maybeTwice());
		Place next = this.place.next(this.place.epoch(), to - from);
		this.step = new Step(next, to - from, 0, mayBeIn, transaction(connection, MAKE.formatted(this.table), this.id,
				this.writer, this.slot, next.epoch(), next.position(), next.rows()));
		return Answer.SEND;
	}

	/**
	 * The server has lost commits, by a failover to a standby that lagged or by a
	 * restore. A new epoch keeps an old connection from moving the lane.
	 */
	Answer wentBack(Connection connection, Place row, long from, long to) throws SQLException {
		long lost = this.place.rows() - row.rows();
		logger.error("The database has lost {} committed batches, {} rows, of writer '{}', slot {}",
				this.place.position() - row.position(), lost, this.writer, this.slot);
		if (!move(connection, "", row, this.place.epoch() + 1, to - from, lost)) {
			throw movedByOthers();
		}
		return Answer.SEND;
	}

	/**
	 * Somebody else has moved the lane, as a copy of this process does after a snapshot
	 * of it or of its machine. What this one has sent is known to be in or not to be in,
	 * so that it may go on in another lane.
	 */
	Answer wasMoved(Connection connection, long from, long to) throws SQLException {
		UUID left = this.id;
		this.id = Ids.next();
		this.place = Place.START;
		this.known = false;
		this.step = Step.NONE;
		this.inDoubt = false;
		Answer answer = gone(connection, from, to);
		logger.warn("Writer '{}', slot {}, takes a new lane: its lane {} was moved by somebody else, "
				+ "as by a copy of this process", this.writer, this.slot, left);
		return answer;
	}

	final LocalFailure movedByOthers() {
		return new LocalFailure("the lane " + this.id + " has been moved by somebody else", "55000");
	}

	/** Says that the row stands there, whatever was known of it before. */
	final void standsAt(Place row) {
		this.place = row;
	}

	/** Returns where the row is. */
	final Place place() {
		return this.place;
	}

	/**
	 * Moves the row from where it is to the lane's next position.
	 * @return whether it was there
	 */
	final boolean move(Connection connection, String preamble, Place at, long epoch, long rows, long lost)
			throws SQLException {
		Place next = this.place.next(epoch, rows);
		Transaction moved = transaction(connection, preamble + this.move, next.position(), next.rows(), next.epoch(),
				this.id, at.epoch(), at.position());
		if (moved != null) {
			this.step = new Step(next, rows, lost, false, moved);
		}
		return moved != null;
	}

	/**
	 * Executes statements of which the last one returns the session and the start of its
	 * transaction.
	 * @return the transaction, or null when the lane has not moved
	 */
	private static @Nullable Transaction transaction(Connection connection, String statements, Object... parameters)
			throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(statements);
				ResultSet row = lastResult(statement, parameters)) {
			return row.next() ? new Transaction(row.getInt(1), row.getLong(2)) : null;
		}
	}

	/** Executes statements of which the last one has the parameters and returns rows. */
	static ResultSet lastResult(PreparedStatement statement, Object... parameters) throws SQLException {
		for (int i = 0; i < parameters.length; i++) {
			statement.setObject(i + 1, parameters[i]);
		}
		boolean isResult = statement.execute();
		while (!isResult && statement.getUpdateCount() != -1) {
			isResult = statement.getMoreResults();
		}
		return statement.getResultSet();
	}

	/** What the lane says to a batch. */
	enum Answer {

		/** It has been moved: the batch is to be stored in this transaction. */
		SEND,

		/** The batch is stored: it was in doubt. */
		STORED,

		/** It does not stand where the batch begins. */
		ELSEWHERE

	}

	/**
	 * What a transaction does to the lane when it commits.
	 *
	 * @param to where the lane is then
	 * @param rows how many rows the batch has
	 * @param lost how many rows the server was found to have lost
	 * @param maybeTwice whether the batch may be in already
	 * @param transaction the transaction, which holds the lane's row while it is open
	 */
	private record Step(Place to, long rows, long lost, boolean maybeTwice, @Nullable Transaction transaction) {

		static final Step NONE = new Step(Place.START, 0, 0, false, null);

	}

}
