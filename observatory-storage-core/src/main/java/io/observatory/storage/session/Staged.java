package io.observatory.storage.session;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;

import io.observatory.storage.table.RowSource;

/**
 * Rows that the statements of an upsert can read.
 */
public final class Staged {

	private final RowSource source;

	private final List<String> arrays;

	/**
	 * Creates them from a source, and for each of its parameters an array as PostgreSQL
	 * reads it.
	 */
	public Staged(RowSource source, List<String> arrays) {
		this.source = source;
		this.arrays = arrays;
	}

	public RowSource source() {
		return this.source;
	}

	/**
	 * Binds the rows, if they are parameters at all.
	 * @return the index of the next parameter
	 */
	public int bind(PreparedStatement statement, int index) throws SQLException {
		for (String array : this.arrays) {
			// of the type that the statement says
			statement.setObject(index++, array, Types.OTHER);
		}
		return index;
	}

}
