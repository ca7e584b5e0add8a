package io.observatory.storage.row;

import java.util.List;

/**
 * Rows of several tables that are sent together. They have numbers, in the order in which
 * parts of them may be sent one after the other.
 */
public interface SealedRows {

	/** Returns the number of the first row. */
	long from();

	/** Returns the number after the last row. */
	long to();

	/**
	 * Returns the rows with numbers from one to another (exclusive), those of each table.
	 * Rows that are gone leave a gap in the numbers.
	 */
	List<Rows> tables(long from, long to);

}
