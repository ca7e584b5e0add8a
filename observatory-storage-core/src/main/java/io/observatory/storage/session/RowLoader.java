package io.observatory.storage.session;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

import io.observatory.storage.row.Column;
import io.observatory.storage.row.RowDecoder;
import io.observatory.storage.row.Rows;
import io.observatory.storage.table.Schema;
import io.observatory.storage.table.Table;

/**
 * How a batch's rows get to the server within a transaction: {@link CopyLoader} or, where
 * COPY cannot go, {@link UnnestLoader}.
 */
public abstract class RowLoader {

	private final Connection connection;

	private final Schema schema;

	RowLoader(Connection connection, Schema schema) {
		this.connection = connection;
		this.schema = schema;
	}

	/** Puts rows into their table, which has no conflict rule. */
	public abstract void append(Table<?> table, Rows rows) throws SQLException;

	/** Makes rows readable for the statements of an upsert. */
	public abstract Staged stage(Table<?> table, Rows rows) throws SQLException;

	/**
	 * Returns the table that the last COPY was for and that it did not finish, if any.
	 */
	public abstract List<Table<?>> failedCopy();

	public final Connection connection() {
		return this.connection;
	}

	public final Schema schema() {
		return this.schema;
	}

	/** Returns rows as parameters: decoded, an array for each column. */
	final Staged send(Table<?> table, Rows rows) {
		List<Column> columns = table.columns();
		String[][] arrays = new String[columns.size()][rows.count()];
		RowDecoder decoder = rows.decoder();
		for (int row = 0; decoder.next(); row++) {
			for (int column = 0; column < arrays.length; column++) {
				arrays[column][row] = decoder.text(columns.get(column).type());
			}
		}
		return new Staged(table.unnested(), columns, arrays);
	}

}
