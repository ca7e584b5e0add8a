package io.observatory.storage.testing;

import java.sql.Timestamp;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.postgresql.util.PGobject;

/**
 * What a table holds, in values that compare: instants for times, PostgreSQL's own
 * spelling for JSON. Without the columns that tell when a row was written.
 */
public final class StoredRows {

	private static final List<String> WHEN_WRITTEN = List.of("created_at", "updated_at");

	private StoredRows() {
	}

	/**
	 * Returns rows with all of their columns, in their order.
	 */
	public static List<Map<String, @Nullable Object>> of(Database database, String table, String condition,
			Object... parameters) {
		return database.jdbc().query("SELECT * FROM observatory." + table + " WHERE " + condition, (row, number) -> {
			Map<String, @Nullable Object> columns = new LinkedHashMap<>();
			for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
				String name = row.getMetaData().getColumnName(i);
				if (!WHEN_WRITTEN.contains(name)) {
					columns.put(name, comparable(row.getObject(i)));
				}
			}
			return columns;
		}, parameters);
	}

	/**
	 * Returns all rows of a table as the server prints them, sorted.
	 */
	public static List<String> asText(Database database, String schema, String table) {
		String columns = database.jdbc()
			.queryForObject("SELECT string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position) "
					+ "FROM information_schema.columns WHERE table_schema = ? AND table_name = ? "
					+ "AND column_name NOT IN ('created_at', 'updated_at')", String.class, schema, table);
		return database.jdbc()
			.queryForList("SELECT ROW(%s)::text FROM \"%s\".%s ORDER BY 1".formatted(columns, schema, table),
					String.class);
	}

	/**
	 * Returns JSON as jsonb spells it.
	 */
	public static String json(Database database, String json) {
		String spelled = database.jdbc().queryForObject("SELECT ?::jsonb::text", String.class, json);
		return (spelled != null) ? spelled : "";
	}

	private static @Nullable Object comparable(@Nullable Object value) {
		if (value instanceof Timestamp time) {
			return time.toInstant();
		}
		return (value instanceof PGobject object) ? object.getValue() : value;
	}

}
