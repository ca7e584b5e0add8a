package io.observatory.storage.capture.ai;

import java.util.List;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.jdbc.core.JdbcTemplate;

/**
 * A row of {@code trace_spans}.
 */
record StoredSpan(UUID trace, String spanId, @Nullable String parent, String name, String kind, String service,
		String status, @Nullable String message, long durationUs, JsonNode attributes) {

	static List<StoredSpan> all(JdbcTemplate jdbc) {
		return jdbc.query("SELECT * FROM observatory.trace_spans ORDER BY start_time, duration_us DESC",
				(row, number) -> new StoredSpan(row.getObject("trace_id", UUID.class), row.getString("span_id"),
						row.getString("parent_span_id"), row.getString("name"), row.getString("kind"),
						row.getString("service_name"), row.getString("status"), row.getString("status_message"),
						row.getLong("duration_us"), JsonMapper.shared().readTree(row.getString("attributes"))));
	}

	/** A tree as text, siblings in their order in time. */
	static String tree(List<StoredSpan> spans) {
		StringBuilder tree = new StringBuilder();
		append(tree, spans, null, "");
		return tree.toString();
	}

	private static void append(StringBuilder tree, List<StoredSpan> spans, @Nullable String parent, String indent) {
		for (StoredSpan span : spans) {
			if ((parent == null) ? span.parent == null : parent.equals(span.parent)) {
				tree.append(indent).append(span.name).append('\n');
				append(tree, spans, span.spanId, indent + "  ");
			}
		}
	}

	JsonNode attribute(String name) {
		return this.attributes.path(name);
	}

}
