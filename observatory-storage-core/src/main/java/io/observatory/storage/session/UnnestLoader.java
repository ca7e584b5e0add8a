package io.observatory.storage.session;

import java.sql.Connection;
import java.sql.SQLException;

import io.observatory.storage.row.Rows;
import io.observatory.storage.table.Schema;
import io.observatory.storage.table.Table;

/**
 * INSERT from arrays (PostgreSQL manual, "Array Functions", unnest): one parameter for
 * each column, so that the protocol's 65,535 are never reached.
 */
final class UnnestLoader extends RowLoader {

	UnnestLoader(Connection connection, Schema schema, String preamble) {
		super(connection, schema, preamble);
	}

	@Override
	public void append(Table<?> table, Rows rows) throws SQLException {
		Staged sent = send(table, rows);
		query(table.insert(schema(), sent.source()), (row) -> true, sent);
	}

	@Override
	public Staged stage(Table<?> table, Rows rows) {
		return send(table, rows);
	}

}
