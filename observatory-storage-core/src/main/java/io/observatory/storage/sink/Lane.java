package io.observatory.storage.sink;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;

import io.observatory.storage.model.Ids;
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

	private final UUID id = Ids.next();

	private final String writer;

	private final int slot;

	private final String table;

	private long epoch;

	/** How many batches were committed. */
	private long position;

	/** Whether the row was ever seen or committed. */
	private boolean known;

	/** What the batch that was sent last came to, should its COMMIT have taken place. */
	private @Nullable Outcome sent;

	/** The epoch that the transaction under way, or in doubt, leads to. */
	private long nextEpoch;

	/** The lost batches that it has found. */
	private long foundLost;

	private volatile long lostByServer;

	private volatile long sentInDoubt;

	Lane(String writer, int slot, Schema schema) {
		this.writer = writer;
		this.slot = slot;
		this.table = schema.qualify("lanes");
	}

	/** Returns how many committed batches the server was found to have lost. */
	public long lostByServer() {
		return this.lostByServer;
	}

	/**
	 * Returns how many batches were sent again although nobody could say whether they
	 * were stored, because the lane's row was gone.
	 */
	public long sentInDoubt() {
		return this.sentInDoubt;
	}

	/**
	 * Begins the transaction, and moves the lane to the next position in it.
	 * @param settings statements to send along, each ended by a semicolon
	 * @return the outcome of the batch if it turns out to be committed already, else null
	 */
	@Nullable Outcome advance(Connection connection, String settings) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			if (lastCount(statement, settings + move()) == 1) {
				this.nextEpoch = this.epoch;
				this.foundLost = 0;
				return null;
			}
			return examine(statement);
		}
	}

	/** Remembers what the COMMIT that is about to be sent will have done. */
	void committing(Outcome outcome) {
		this.sent = outcome;
	}

	/** Says that the COMMIT has taken place. */
	void committed() {
		this.position++;
		this.epoch = this.nextEpoch;
		this.lostByServer += this.foundLost;
		this.foundLost = 0;
		this.sent = null;
		this.known = true;
	}

	private @Nullable Outcome examine(Statement statement) throws SQLException {
		try (ResultSet row = statement
			.executeQuery("SELECT epoch, position FROM " + this.table + " WHERE id = '" + this.id + "'")) {
			if (!row.next()) {
				return missing(statement);
			}
			long rowEpoch = row.getLong(1);
			long rowPosition = row.getLong(2);
			boolean ours = rowEpoch == this.epoch || rowEpoch == this.nextEpoch;
			if (ours && rowPosition == this.position + 1 && this.sent != null) {
				return this.sent;
			}
			if (rowEpoch < this.epoch || (rowEpoch == this.epoch && rowPosition < this.position)) {
				return behind(statement, rowEpoch, rowPosition);
			}
		}
		throw fenced();
	}

	private @Nullable Outcome missing(Statement statement) throws SQLException {
		if (this.known) {
			logger.warn("The lane {} of writer '{}', slot {}, is gone from the database: it is made anew", this.id,
					this.writer, this.slot);
			if (this.sent != null) {
				this.sentInDoubt++;
				logger.warn("Writer '{}', slot {}: a batch is sent again that may have been stored", this.writer,
						this.slot);
			}
		}
		statement.executeUpdate(
				"INSERT INTO %s (id, writer, slot, epoch, position, backend_pid) VALUES ('%s', '%s', %d, %d, %d, pg_backend_pid())"
					.formatted(this.table, this.id, this.writer, this.slot, this.epoch, this.position + 1));
		this.nextEpoch = this.epoch;
		this.foundLost = 0;
		return null;
	}

	/**
	 * The server has lost commits, by a failover to a standby that lagged or by a
	 * restore. A new epoch keeps an old connection from moving the lane.
	 */
	private @Nullable Outcome behind(Statement statement, long rowEpoch, long rowPosition) throws SQLException {
		this.nextEpoch = this.epoch + 1;
		this.foundLost = this.position - rowPosition;
		logger.error("The database has lost {} committed batches of writer '{}', slot {}", this.foundLost, this.writer,
				this.slot);
		int moved = statement.executeUpdate(
				"UPDATE %s SET epoch = %d, position = %d, updated_at = now() WHERE id = '%s' AND epoch = %d AND position = %d"
					.formatted(this.table, this.nextEpoch, this.position + 1, this.id, rowEpoch, rowPosition));
		if (moved != 1) {
			throw fenced();
		}
		return null;
	}

	private OwnFailure fenced() {
		return new OwnFailure("the lane " + this.id + " has been moved by somebody else", "55000");
	}

	private String move() {
		return "UPDATE %s SET position = %d, backend_pid = pg_backend_pid(), updated_at = now() WHERE id = '%s' AND epoch = %d AND position = %d"
			.formatted(this.table, this.position + 1, this.id, this.epoch, this.position);
	}

	private static long lastCount(Statement statement, String statements) throws SQLException {
		statement.execute(statements);
		long count = statement.getLargeUpdateCount();
		while (statement.getMoreResults() || statement.getLargeUpdateCount() != -1) {
			count = statement.getLargeUpdateCount();
		}
		return count;
	}

}
