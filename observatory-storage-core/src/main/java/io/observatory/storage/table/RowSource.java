package io.observatory.storage.table;

/**
 * Where a statement reads a batch's rows from: the stage that a COPY filled, or arrays
 * sent with the statement.
 *
 * @param name how the rows are named after a WITH clause that defines them
 * @param inline the rows in a FROM clause
 * @param parameters how often the statement needs the rows as parameters: 0 or 1
 */
public record RowSource(String name, String inline, int parameters) {

	/**
	 * Returns the definition that a WITH clause needs before {@link #name()} can be used,
	 * followed by a comma, or an empty text.
	 */
	String definition() {
		return (this.parameters == 0) ? "" : this.name + " AS MATERIALIZED (SELECT * FROM " + this.inline + "), ";
	}

}
