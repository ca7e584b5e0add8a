package io.observatory.storage.buffer;

/**
 * Why accepted records were dropped.
 */
public enum DropReason {

	/** The buffer was full, and its policy is {@link FullPolicy#DROP_NEWEST}. */
	BUFFER_FULL,

	/** The record was older than the retention. */
	EXPIRED,

	/**
	 * The writer was closed and could not store the record by its deadline. One that was
	 * under way just then may be in the database all the same.
	 */
	CLOSED,

	/** The record was in a log on disk, and the disk did not give it back as it was. */
	DAMAGED

}
