package io.observatory.storage.sending;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;

import io.observatory.storage.sending.LaneRow.Place;
import io.observatory.storage.session.LocalFailure;
import io.observatory.storage.table.Schema;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lane of a log on disk. Its row counts the rows of the log that are stored, so that
 * whoever has the log knows which one comes next, whatever has died. A process that opens
 * it gives the row a new epoch: a transaction of an earlier process that is still open
 * cannot move it any more.
 */
public final class LogLane extends Lane {

	private static final Logger logger = LoggerFactory.getLogger(LogLane.class);

	/** Stands for no code of PostgreSQL's: classified as configuration. */
	private static final String OTHER_DATABASE = "OB005";

	private static final String OPEN = "INSERT INTO %s AS l (id, writer, slot, backend_pid, moved_at) "
			+ "VALUES (?, ?, ?, pg_backend_pid(), now()) "
			+ "ON CONFLICT (id) DO UPDATE SET epoch = greatest(l.epoch, ?) + 1 RETURNING " + LaneRow.COLUMNS
			+ ", database_id";

	private final LaneLog log;

	/** Whether this process has moved the row, so that it knows where it stands. */
	private boolean opened;

	/** Whether the row was gone when it was found to stand elsewhere. */
	private boolean gone;

	public LogLane(String writer, int slot, Schema schema, LaneLog log) {
		super(writer, slot, schema, log.id());
		this.log = log;
	}

	@Override
	Answer tryToMove(Connection connection, String preamble, long from, long to) throws SQLException {
		return this.opened ? super.tryToMove(connection, preamble, from, to) : open(connection, preamble, from, to);
	}

	@Override
	void committed() {
		super.committed();
		this.opened = true;
	}

	@Override
	Answer gone(Connection connection, long from, long to) throws SQLException {
		return open(connection, "", from, to);
	}

	@Override
	Answer wentBack(Connection connection, Place row, long from, long to) throws SQLException {
		return open(connection, "", from, to);
	}

	/** Whose rows it counts now, nobody can know. */
	@Override
	Answer wasMoved(Connection connection, long from, long to) throws SQLException {
		throw movedByOthers();
	}

	/**
	 * Takes the row over, or makes it, and moves it if it stands where the batch begins.
	 * If not, nothing of this is committed.
	 */
	private Answer open(Connection connection, String preamble, long from, long to) throws SQLException {
		this.opened = false;
		LaneRow row = takeOver(connection, preamble, from == to);
		if (row == null) {
			return Answer.STORED;
		}
		if (tookPlace(row)) {
			return Answer.STORED;
		}
		Place place = row.place();
		this.gone = place.epoch() == 0;
		standsAt(place);
		if (place.rows() != from) {
			return Answer.ELSEWHERE;
		}
		if (!move(connection, "", place, place.epoch(), to - from, 0)) {
			throw movedByOthers();
		}
		return Answer.SEND;
	}

	/**
	 * Takes the row over.
	 * @return the row, or null if it is that of another database, where all is stored
	 */
	private @Nullable LaneRow takeOver(Connection connection, String preamble, boolean nothingToSend)
			throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(preamble + OPEN.formatted(this.table));
				ResultSet row = lastResult(statement, this.log.id(), this.writer, this.slot, place().epoch())) {
			row.next();
			boolean isOurs = bind(row.getObject("database_id", UUID.class));
			if (!isOurs && !nothingToSend) {
				throw new LocalFailure("the log " + this.log.id() + " of the spool belongs to another database: "
						+ "point the writer at that one, or move the spool's directory away", OTHER_DATABASE);
			}
			return isOurs ? LaneRow.read(row) : null;
		}
	}

	/** Returns whether the log's rows go to this database. */
	private boolean bind(UUID database) {
		UUID bound = this.log.database();
		if (bound == null) {
			this.log.bind(database);
		}
		return bound == null || bound.equals(database);
	}

	@Override
	public void rewound(long again, long notKept) {
		if (again + notKept == 0) {
			return;
		}
		if (this.gone) {
			this.sentInDoubt += again;
		}
		this.lostByServer += notKept;
		logger.error(
				"The database has lost {} rows of writer '{}', log {}{}: {} are sent again, {} are not kept any more",
				again + notKept, this.writer, this.log.id(), this.gone ? ", or its lane alone" : "", again, notKept);
	}

}
