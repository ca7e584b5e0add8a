package io.observatory.storage.row;

/**
 * A column that our rows carry. Columns that the server fills by their default are not
 * among them.
 *
 * @param name its name, a plain lower-case identifier
 * @param type its type
 */
public record Column(String name, ColumnType type) {
}
