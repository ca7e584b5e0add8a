package io.observatory.storage.buffer;

/**
 * What it means that the database has fewer rows of a log than was known.
 *
 * @param again how many rows that were settled are sent again
 * @param notKept how many of them are gone here too
 */
public record Rewind(long again, long notKept) {

	/** It has more, or just as many. */
	public static final Rewind NONE = new Rewind(0, 0);

}
