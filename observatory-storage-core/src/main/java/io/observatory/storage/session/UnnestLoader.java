package io.observatory.storage.session;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

import io.observatory.storage.row.Rows;
import io.observatory.storage.table.Schema;
import io.observatory.storage.table.Table;

/**
 * INSERT from arrays (PostgreSQL manual, "Array Functions", unnest): one parameter for
 * each column, so that the protocol's 65,535 are never reached.
 */
public final class UnnestLoader extends RowLoader {

	public UnnestLoader(Connection connection, Schema schema) {
		super(connection, schema);
	}

	@Override
	public void append(Table<?> table, Rows rows) throws SQLException {
		Staged sent = send(table, rows);
		try (PreparedStatement statement = connection().prepareStatement(table.insert(schema(), sent.source()))) {
			sent.bind(statement, 1);
			statement.executeUpdate();
		}
	}

	@Override
	public Staged stage(Table<?> table, Rows rows) {
		return send(table, rows);
	}

	@Override
	public List<Table<?>> failedCopy() {
		return List.of();
	}

}
