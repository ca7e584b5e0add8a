package io.observatory.storage.sink;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

import io.observatory.storage.model.Ids;
import io.observatory.storage.row.RowFormat;
import io.observatory.storage.table.Schema;

/**
 * The table {@code dead_letters}: rows as they are, and why they are here.
 */
final class DeadLetters {

	private final String insert;

	DeadLetters(Schema schema) {
		this.insert = "INSERT INTO " + schema.qualify("dead_letters")
				+ " (id, table_name, row_format, row_bytes, sql_state, constraint_name, reason) VALUES (?, ?, ?, ?, ?, ?, ?)";
	}

	void add(Connection connection, List<DeadLetter> letters) throws SQLException {
		if (letters.isEmpty()) {
			return;
		}
		try (PreparedStatement statement = connection.prepareStatement(this.insert)) {
			for (DeadLetter letter : letters) {
				statement.setObject(1, Ids.next());
				statement.setString(2, letter.table().name());
				statement.setInt(3, RowFormat.VERSION);
				statement.setBytes(4, letter.row().row(0));
				statement.setString(5, letter.sqlState());
				statement.setString(6, letter.constraint());
				statement.setString(7, letter.reason());
				statement.addBatch();
			}
			statement.executeBatch();
		}
	}

}
