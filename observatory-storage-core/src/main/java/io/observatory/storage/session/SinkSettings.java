package io.observatory.storage.session;

import java.time.Duration;

import io.observatory.storage.table.Schema;

/**
 * How a sink writes.
 *
 * @param schema the schema of the tables
 * @param method how rows go to the server
 * @param deadline how long a transaction may take before its connection is aborted
 * @param synchronousCommit whether a COMMIT waits for the disk; otherwise a crash of the
 * server may lose what was stored in its last moments
 * @param connections bounds the connections
 * @param maxDeadLetters the most rows in {@code dead_letters}
 */
public record SinkSettings(Schema schema, WriteMethod method, Duration deadline, boolean synchronousCommit,
		ConnectionLimit connections, long maxDeadLetters) {
}
