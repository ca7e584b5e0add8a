package io.observatory.storage.upkeep;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import javax.sql.DataSource;

import io.observatory.storage.error.StorageException;
import io.observatory.storage.session.Session;
import io.observatory.storage.session.SessionSettings;
import io.observatory.storage.table.Schema;

/**
 * The day partitions of the append tables and the lanes of processes long gone, looked
 * after by functions in the database, so that the writing role need not own the tables.
 * Any number of processes may call them at once.
 * <p>
 * Thread-safe. Failures come as {@link StorageException}.
 */
public final class Partitions {

	/** How many days ahead partitions are made. */
	public static final int DEFAULT_DAYS_AHEAD = 14;

	private final Session session;

	public Partitions(DataSource dataSource, String schema) {
		this.session = new Session("partitions", dataSource, SessionSettings.besideWriters(new Schema(schema)));
	}

	/** Makes the partitions that are missing, and returns how many. */
	public int make() {
		return make(DEFAULT_DAYS_AHEAD);
	}

	/**
	 * Makes the partitions that are missing for so many days ahead, and returns how many.
	 */
	public int make(int daysAhead) {
		return call("make_partitions(" + daysAhead + ")");
	}

	/** Returns for how many whole days ahead there are partitions. */
	public int ahead() {
		return call("partitions_ahead()");
	}

	/** Deletes the lanes that were not used for 30 days, and returns how many. */
	public int deleteLanes() {
		return call("delete_lanes()");
	}

	private int call(String function) {
		try {
			return this.session.run((connection) -> {
				try (Statement statement = connection.createStatement();
						ResultSet row = statement.executeQuery("SELECT " + this.session.schema().qualify(function))) {
					return row.next() ? row.getInt(1) : 0;
				}
			});
		}
		catch (SQLException ex) {
			throw this.session.failure(function + " failed", ex);
		}
	}

}
