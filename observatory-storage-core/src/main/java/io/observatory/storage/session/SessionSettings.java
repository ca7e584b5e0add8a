package io.observatory.storage.session;

import java.time.Duration;

import io.observatory.storage.table.Schema;

/**
 * What the transactions of a session have in common.
 *
 * @param schema the schema of the tables
 * @param method how rows go to the server
 * @param deadline how long a transaction may take before its connection is aborted
 * @param synchronousCommit whether a COMMIT waits for the disk; otherwise a crash of the
 * server may lose what was stored in its last moments
 * @param connections bounds the connections
 */
public record SessionSettings(Schema schema, WriteMethod method, Duration deadline, boolean synchronousCommit,
		ConnectionLimit connections) {

	private static final Duration DEADLINE = Duration.ofSeconds(30);

	/** Returns the settings of a session beside those of the writers. */
	public static SessionSettings besideWriters(Schema schema) {
		return besideWriters(schema, DEADLINE);
	}

	/** Returns the settings of a session beside those of the writers, with a deadline. */
	public static SessionSettings besideWriters(Schema schema, Duration deadline) {
		return new SessionSettings(schema, WriteMethod.AUTO, deadline, true, ConnectionLimit.none());
	}

}
