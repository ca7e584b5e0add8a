package io.observatory.storage.sample.stats;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import io.observatory.storage.writer.TraceWriter;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * Counts the rows of the six tables, exactly and in one snapshot. On large tables that
 * takes its time.
 */
@Component
class TableCounts {

	private static final List<String> TABLES = List.of("traces", "trace_spans", "trace_events", "metrics",
			"metric_data_points", "logs");

	private final JdbcTemplate jdbc;

	private final String query;

	TableCounts(JdbcTemplate jdbc, TraceWriter writer) {
		this.jdbc = jdbc;
		String schema = '"' + writer.config().schema().replace("\"", "\"\"") + '"';
		this.query = TABLES.stream()
			.map((table) -> "(SELECT count(*) FROM " + schema + "." + table + ")")
			.collect(Collectors.joining(", ", "SELECT ", ""));
	}

	Map<String, Long> count() {
		return this.jdbc.queryForObject(this.query, (row, number) -> {
			Map<String, Long> counts = new LinkedHashMap<>();
			for (int i = 0; i < TABLES.size(); i++) {
				counts.put(TABLES.get(i), row.getLong(i + 1));
			}
			return counts;
		});
	}

}
