package io.observatory.storage.session;

/**
 * How rows go into PostgreSQL. The outcome is the same.
 */
public enum WriteMethod {

	/** COPY, and INSERT once the database has shown that COPY cannot go. */
	AUTO,

	/**
	 * COPY; upserts by way of a temporary table, spans that are all new straight into
	 * theirs.
	 */
	COPY,

	/**
	 * {@code INSERT … SELECT … FROM unnest(…)}: for row-level security, which refuses
	 * COPY, and for roles that may not make temporary tables.
	 */
	INSERT

}
