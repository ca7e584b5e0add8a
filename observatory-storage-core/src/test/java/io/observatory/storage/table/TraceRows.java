package io.observatory.storage.table;

import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import org.postgresql.util.PGobject;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The rows of {@code traces} by id and of {@code trace_spans} by span id, with all of
 * their columns but {@code created_at} and {@code updated_at}.
 */
public record TraceRows(Map<Object, Map<String, Object>> traces, Map<Object, Map<String, Object>> spans) {

	public static TraceRows stored(JdbcTemplate jdbc) {
		return new TraceRows(read(jdbc, "traces", "id"), read(jdbc, "trace_spans", "span_id"));
	}

	private static Map<Object, Map<String, Object>> read(JdbcTemplate jdbc, String table, String key) {
		Map<Object, Map<String, Object>> rows = new HashMap<>();
		for (Map<String, Object> row : jdbc.queryForList("SELECT * FROM observatory." + table)) {
			row.keySet().removeAll(Set.of("created_at", "updated_at"));
			row.replaceAll((column, value) -> plain(value));
			rows.put(row.get(key), row);
		}
		return rows;
	}

	private static Object plain(Object value) {
		if (value instanceof Timestamp time) {
			return time.toInstant();
		}
		return (value instanceof PGobject json) ? json.getValue() : value;
	}

	/**
	 * Returns what differs: each row that is missing, too much, or other in a column.
	 */
	public List<String> differencesTo(TraceRows expected) {
		List<String> differences = new ArrayList<>();
		compare("traces", this.traces, expected.traces, differences);
		compare("trace_spans", this.spans, expected.spans, differences);
		return differences;
	}

	private static void compare(String table, Map<Object, Map<String, Object>> actual,
			Map<Object, Map<String, Object>> expected, List<String> differences) {
		Set<Object> keys = new TreeSet<>((a, b) -> a.toString().compareTo(b.toString()));
		keys.addAll(actual.keySet());
		keys.addAll(expected.keySet());
		for (Object key : keys) {
			Map<String, Object> is = actual.get(key);
			Map<String, Object> shall = expected.get(key);
			if (is == null || shall == null) {
				differences.add(table + " " + key + ((is == null) ? " is missing" : " must not be"));
			}
			else if (!is.equals(shall)) {
				Set<String> columns = new TreeSet<>(is.keySet());
				columns.addAll(shall.keySet());
				columns.removeIf((column) -> is.containsKey(column) && shall.containsKey(column)
						&& java.util.Objects.equals(is.get(column), shall.get(column)));
				columns.forEach((column) -> differences.add("%s %s: %s is %s, must be %s".formatted(table, key, column,
						is.get(column), shall.get(column))));
			}
		}
	}

}
