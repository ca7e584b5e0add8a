package io.observatory.storage.session;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

import io.observatory.storage.row.Column;
import io.observatory.storage.table.RowSource;

/**
 * Rows that the statements of an upsert can read.
 */
public final class Staged {

	private final RowSource source;

	private final List<Column> columns;

	private final String[][] arrays;

	public Staged(RowSource source, List<Column> columns, String[][] arrays) {
		this.source = source;
		this.columns = columns;
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
		for (int i = 0; i < this.arrays.length; i++) {
			statement.setArray(index + i,
					statement.getConnection().createArrayOf(this.columns.get(i).type().sqlName(), this.arrays[i]));
		}
		return index + this.arrays.length;
	}

}
