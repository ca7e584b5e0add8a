package io.observatory.storage.bench;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.observatory.storage.row.ColumnType;
import org.jspecify.annotations.Nullable;

/**
 * A table as a program sees it that writes it by JDBC or PgBulkInsert.
 *
 * @param <T> what a row is made of
 * @param schema the table's schema
 * @param name the table's name
 * @param fields the columns
 * @param insert the INSERT of one row, with a parameter for each column
 */
record SqlTable<T>(String schema, String name, List<Field<T>> fields, String insert) {

	/**
	 * Makes a table.
	 * @param conflict what is to be said after VALUES, or nothing
	 */
	@SafeVarargs
	static <T> SqlTable<T> of(String schema, String name, String conflict, Field<T>... fields) {
		String columns = List.of(fields).stream().map(Field::column).collect(Collectors.joining(", "));
		String parameters = List.of(fields).stream().map(Field::parameter).collect(Collectors.joining(", "));
		return new SqlTable<>(schema, name, List.of(fields),
				"INSERT INTO %s.%s (%s) VALUES (%s) %s".formatted(schema, name, columns, parameters, conflict));
	}

	/**
	 * A column.
	 *
	 * @param <T> what a row is made of
	 * @param column its name
	 * @param type its type
	 * @param value its value: a UUID, String, Instant, Integer, Long or Double, and for
	 * JSON a map or a list
	 */
	record Field<T>(String column, ColumnType type, Function<T, @Nullable Object> value) {

		private String parameter() {
			return (this.type == ColumnType.JSONB) ? "?::jsonb" : "?";
		}

	}

	/**
	 * Rows on their way into a table.
	 *
	 * @param <T> what a row is made of
	 * @param table the table
	 * @param rows the rows
	 */
	record TableStore<T>(SqlTable<T> table, List<T> rows) {
	}

}
