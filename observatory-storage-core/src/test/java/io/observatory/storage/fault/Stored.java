package io.observatory.storage.fault;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

import io.observatory.storage.buffer.DropReason;
import io.observatory.storage.stats.WriteStats;
import io.observatory.storage.testing.Buffers;
import io.observatory.storage.testing.Database;
import io.observatory.storage.writer.Writer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Compares what a writer says with what the database holds.
 */
public final class Stored {

	private Stored() {
	}

	public static List<UUID> ids(String table) {
		return Database.get().jdbc().queryForList("SELECT id FROM observatory." + table, UUID.class);
	}

	/** Returns the ids of a table's dead letters: the first field of each row. */
	public static List<UUID> deadIds(String table) {
		return Database.get()
			.jdbc()
			.queryForList("SELECT encode(substring(row_bytes FROM 7 FOR 16), 'hex')::uuid "
					+ "FROM observatory.dead_letters WHERE table_name = ?", UUID.class, table);
	}

	/** Asserts that a table holds these rows, each of them once. */
	public static void assertOnce(String table, Collection<UUID> expected) {
		List<UUID> ids = ids(table);
		assertThat(new HashSet<>(ids)).as("distinct ids in %s", table).isEqualTo(new HashSet<>(expected));
		assertThat(ids).as("rows in %s", table).hasSize(expected.size());
	}

	/** Compares a table's rows, id by id, with what was accepted; nothing was dropped. */
	static Verdict verdict(String table, Collection<UUID> accepted) {
		Set<UUID> expected = new HashSet<>(accepted);
		Set<UUID> found = new HashSet<>();
		long duplicated = 0;
		long unexpected = 0;
		for (UUID id : ids(table)) {
			if (!expected.contains(id)) {
				unexpected++;
			}
			else if (!found.add(id)) {
				duplicated++;
			}
		}
		long dead = deadIds(table).stream().filter(expected::contains).filter((id) -> !found.contains(id)).count();
		return new Verdict(expected.size(), found.size(), dead, 0, expected.size() - found.size() - dead, duplicated,
				unexpected);
	}

	/** Asserts that nothing is unaccounted for. */
	public static void assertAddsUp(WriteStats stats) {
		assertThat(stats.stored() + stats.deadLettered() + stats.droppedTotal() + stats.buffered() + stats.inFlight())
			.as("%s", stats)
			.isEqualTo(stats.accepted());
	}

	/** Asserts that nothing is unaccounted for, and nothing is left in the writer. */
	public static void assertSettled(Writer writer, long stored, long deadLettered, long dropped) {
		WriteStats stats = writer.writeStats();
		assertAddsUp(stats);
		assertThat(stats.stored()).as("stored").isEqualTo(stored);
		assertThat(stats.deadLettered()).as("dead-lettered").isEqualTo(deadLettered);
		assertThat(stats.droppedTotal()).as("dropped").isEqualTo(dropped);
		assertThat(stats.buffered() + stats.inFlight()).as("left in the writer").isZero();
	}

	/**
	 * Asserts what a writer came to that was closed before it could store all: what was
	 * left is dropped or, with a buffer on disk, kept for the next process.
	 */
	public static void assertClosed(Writer writer, long stored, long left) {
		WriteStats stats = writer.writeStats();
		assertAddsUp(stats);
		assertThat(stats.stored()).as("stored").isEqualTo(stored);
		assertThat(stats.dropped().get(DropReason.CLOSED)).as("dropped").isEqualTo(Buffers.areOnDisk() ? 0 : left);
		assertThat(stats.buffered()).as("kept").isEqualTo(Buffers.areOnDisk() ? left : 0);
		assertThat(stats.inFlight()).as("in flight").isZero();
	}

}
