package io.observatory.storage.table;

import java.util.List;
import java.util.Locale;

/**
 * Which keys {@code traces} and {@code trace_spans} have; their columns are the same. It
 * is chosen when the schema is made, and nothing but the schema says later which it is.
 */
public enum Layout {

	/**
	 * The source system's keys: a span id is unique, and a span refers to its trace.
	 */
	SOURCE,

	/**
	 * Spans by the day of their start, known by trace, span id and start; traces by their
	 * id alone.
	 */
	PARTITIONED;

	/** Returns the name by which it is configured. */
	public String text() {
		return name().toLowerCase(Locale.ROOT);
	}

	/**
	 * Returns where on the class path the migrations of such a schema are, in the order
	 * of their versions when taken together.
	 */
	public List<String> migrations() {
		return (this == SOURCE) ? List.of("db/observatory") : List.of("db/observatory", "db/observatory-partitioned");
	}

	/**
	 * Returns the query for how a schema is laid out, a text for {@link #of}; no row
	 * where there is no such schema yet. It needs no right. An engine may keep the spans
	 * in a relation of another kind, but not with other keys.
	 */
	public static String query(Schema schema) {
		return "SELECT i.indnatts::text FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid "
				+ "JOIN pg_namespace n ON n.oid = c.relnamespace "
				+ "WHERE i.indisprimary AND c.relname = 'trace_spans' AND n.nspname = '"
				+ schema.name().replace("'", "''") + "'";
	}

	/**
	 * Returns the layout of a schema whose {@code trace_spans} has a primary key of so
	 * many columns.
	 */
	public static Layout of(String keyColumns) {
		return "1".equals(keyColumns) ? SOURCE : PARTITIONED;
	}

}
