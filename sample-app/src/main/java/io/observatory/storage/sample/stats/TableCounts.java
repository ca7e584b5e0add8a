package io.observatory.storage.sample.stats;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import io.observatory.storage.sample.pages.PagesDatabase;

import org.springframework.stereotype.Component;

/**
 * Counts the rows of the seven tables, exactly and in one snapshot. On large tables this
 * takes long, at most as long as any query of the pages.
 */
@Component
class TableCounts {

	private static final List<String> TABLES = List.of("traces", "trace_spans", "trace_events", "metrics",
			"metric_data_points", "logs", "scores");

	private static final String QUERY = TABLES.stream()
		.map((table) -> "(SELECT count(*) FROM " + table + ")")
		.collect(Collectors.joining(", ", "SELECT ", ""));

	private final PagesDatabase database;

	TableCounts(PagesDatabase database) {
		this.database = database;
	}

	Map<String, Long> count() {
		return this.database.jdbc().sql(QUERY).query((row, number) -> {
			Map<String, Long> counts = new LinkedHashMap<>();
			for (int i = 0; i < TABLES.size(); i++) {
				counts.put(TABLES.get(i), row.getLong(i + 1));
			}
			return counts;
		}).single();
	}

}
