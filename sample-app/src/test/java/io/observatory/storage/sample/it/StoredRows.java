package io.observatory.storage.sample.it;

import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Reads rows with all their columns in a form that can be compared. When a row was
 * written, and the id of one whose id is not derived, are checked here and left out.
 */
final class StoredRows {

	private static final int TIME_ORDERED = 7;

	private final TestDatabase database;

	private final Instant since;

	StoredRows(TestDatabase database, Instant since) {
		this.database = database;
		this.since = since;
	}

	List<Map<String, Object>> of(String table, String condition, Object... arguments) {
		List<Map<String, Object>> rows = this.database.jdbc()
			.query("SELECT * FROM observatory." + table + " WHERE " + condition, (row, number) -> columns(row),
					arguments);
		rows.forEach((row) -> List.of("created_at", "updated_at").forEach((column) -> checkWritten(row, column)));
		return rows;
	}

	/**
	 * Returns the rows of a table whose ids are made up by the writer.
	 */
	List<Map<String, Object>> appended(String table, String condition, Object... arguments) {
		List<Map<String, Object>> rows = of(table, condition, arguments);
		assertThat(rows).extracting((row) -> row.get("id")).doesNotHaveDuplicates();
		rows.forEach((row) -> assertThat(((UUID) row.remove("id")).version()).isEqualTo(TIME_ORDERED));
		return rows;
	}

	private void checkWritten(Map<String, Object> row, String column) {
		if (row.containsKey(column)) {
			assertThat((Instant) row.remove(column)).as(column).isBetween(this.since, Instant.now());
		}
	}

	private static Map<String, Object> columns(ResultSet row) throws SQLException {
		ResultSetMetaData metadata = row.getMetaData();
		Map<String, Object> columns = new TreeMap<>();
		for (int i = 1; i <= metadata.getColumnCount(); i++) {
			columns.put(metadata.getColumnName(i), column(row, i, metadata.getColumnTypeName(i)));
		}
		return columns;
	}

	private static Object column(ResultSet row, int index, String type) throws SQLException {
		return switch (type) {
			case "timestamptz" -> {
				OffsetDateTime time = row.getObject(index, OffsetDateTime.class);
				yield (time != null) ? time.toInstant() : null;
			}
			case "jsonb" -> {
				String json = row.getString(index);
				yield (json != null) ? Canonical.parse(json) : null;
			}
			case "int2", "int4", "int8" -> {
				long number = row.getLong(index);
				yield row.wasNull() ? null : number;
			}
			default -> row.getObject(index);
		};
	}

}
