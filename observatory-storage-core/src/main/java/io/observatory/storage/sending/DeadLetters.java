package io.observatory.storage.sending;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

import io.observatory.storage.model.Ids;
import io.observatory.storage.session.ErrorClass;
import io.observatory.storage.session.LocalFailure;
import io.observatory.storage.table.Schema;

/**
 * Puts rows into {@code dead_letters}, in the transaction of the batch they come from: as
 * they are, and why they are here.
 * <p>
 * The table is bounded in number. A fault that goes on for days would otherwise fill the
 * disk with rows that nobody looks at, and when the disk is full nothing is stored any
 * more. At the bound nothing is thrown away instead: the writer stops with its batch, as
 * for any configuration that somebody has to change, says so, and goes on by itself once
 * there is room. The rows are counted only in a transaction that has letters to add, so
 * that the bound costs nothing in the common case. Transactions that commit at the same
 * moment do not see each other's letters and may exceed it by those; to prevent that they
 * would have to wait for each other.
 */
public final class DeadLetters {

	/** Stands for no code of PostgreSQL's: classified as configuration. */
	private static final String FULL = "OB002";

	/** As {@link #FULL}. */
	private static final String REFUSED = "OB003";

	private final String count;

	private final String insert;

	private final long max;

	/**
	 * Makes access to the table.
	 * @param max the most rows in it
	 */
	public DeadLetters(Schema schema, long max) {
		this.count = "SELECT count(*) FROM " + schema.qualify("dead_letters");
		this.insert = "INSERT INTO " + schema.qualify("dead_letters")
				+ " (id, table_name, row_format, row_bytes, sql_state, constraint_name, reason) VALUES (?, ?, ?, ?, ?, ?, ?)";
		this.max = max;
	}

	/**
	 * Adds letters.
	 * @throws LocalFailure when there is no room, or when the table itself refuses them:
	 * the rows at fault are not these, and nothing may be put aside for it
	 */
	void add(Connection connection, List<DeadLetter> letters) throws SQLException {
		if (letters.isEmpty()) {
			return;
		}
		requireRoom(connection, letters.size());
		try {
			insert(connection, letters);
		}
		catch (SQLException ex) {
			throw ErrorClass.of(ex).isolates() ? refused(ex) : ex;
		}
	}

	private void requireRoom(Connection connection, int letters) throws SQLException {
		try (Statement statement = connection.createStatement(); ResultSet count = statement.executeQuery(this.count)) {
			long held = count.next() ? count.getLong(1) : 0;
			if (held + letters > this.max) {
				throw new LocalFailure("dead_letters holds %d rows, and with %d more it would exceed its bound of %d: "
					.formatted(held, letters, this.max) + "replay or purge them, or raise the bound", FULL);
			}
		}
	}

	private void insert(Connection connection, List<DeadLetter> letters) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(this.insert)) {
			for (DeadLetter letter : letters) {
				statement.setObject(1, Ids.next());
				statement.setString(2, letter.table().name());
				statement.setInt(3, letter.table().version());
				statement.setBytes(4, letter.row().row(0));
				statement.setString(5, letter.sqlState());
				statement.setString(6, letter.constraint());
				statement.setString(7, letter.reason());
				statement.addBatch();
			}
			statement.executeBatch();
		}
	}

	private static LocalFailure refused(SQLException failure) {
		return new LocalFailure("dead_letters refuses rows (" + ErrorClass.sqlState(failure)
				+ "): check what constraints and triggers were added to it", REFUSED);
	}

}
