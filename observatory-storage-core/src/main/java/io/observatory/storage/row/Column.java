package io.observatory.storage.row;

import org.jspecify.annotations.Nullable;

/**
 * A column that our rows carry. Columns that the server fills by their default are not
 * among them.
 * <p>
 * Rows are kept as bytes, as dead letters, and read by later versions of this library. So
 * a column is never removed, moved or given another type; a new one is appended, with the
 * next version of its table's rows ({@link #since}).
 *
 * @param name its name, a plain lower-case identifier
 * @param type its type
 * @param version the first version of the table's rows that has it
 * @param missing what an earlier row has in its place, as {@link RowDecoder#text} would
 * return it, or null for NULL
 */
public record Column(String name, ColumnType type, int version, @Nullable String missing) {

	/** Makes a column that the table's rows had from the beginning. */
	public Column(String name, ColumnType type) {
		this(name, type, 1, null);
	}

	/** Returns this column as one that came with a later version. */
	public Column since(int version, @Nullable String missing) {
		return new Column(this.name, this.type, version, missing);
	}

}
