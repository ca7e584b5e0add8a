package io.observatory.storage.capture.ai;

import java.util.List;

import org.springframework.jdbc.core.JdbcTemplate;

/**
 * All rows of all tables of the database as one text.
 */
final class Everything {

	private Everything() {
	}

	static String in(JdbcTemplate jdbc) {
		StringBuilder text = new StringBuilder();
		List<String> tables = jdbc.queryForList("""
				SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) FROM pg_tables
				WHERE schemaname NOT IN ('pg_catalog', 'information_schema') AND NOT starts_with(schemaname, 'pg_temp')
				""", String.class);
		for (String table : tables) {
			jdbc.queryForList("SELECT t::text FROM " + table + " t", String.class)
				.forEach((row) -> text.append(row).append('\n'));
		}
		return text.toString();
	}

}
