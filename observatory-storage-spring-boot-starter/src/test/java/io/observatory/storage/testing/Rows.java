package io.observatory.storage.testing;

import java.util.List;
import java.util.Map;

import tools.jackson.databind.json.JsonMapper;

import org.springframework.jdbc.core.JdbcTemplate;

/**
 * What is stored, seen from outside of the application.
 */
public final class Rows {

	private Rows() {
	}

	/**
	 * Returns rows with their columns; those of type jsonb are to be selected by
	 * {@code ::text}.
	 */
	public static List<Map<String, Object>> of(String database, String sql, Object... arguments) {
		return Postgres.jdbc(database).queryForList(sql, arguments);
	}

	public static long count(String database, String table) {
		JdbcTemplate jdbc = Postgres.jdbc(database);
		return jdbc.queryForList("SELECT count(*) FROM observatory." + table, Long.class).get(0);
	}

	/**
	 * Returns a column of type jsonb as plain Java values.
	 */
	@SuppressWarnings("unchecked")
	public static Map<String, Object> json(Map<String, Object> row, String column) {
		return JsonMapper.shared().readValue(String.valueOf(row.get(column)), Map.class);
	}

}
