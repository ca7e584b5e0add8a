package io.observatory.storage.fault;

import java.util.BitSet;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

import io.observatory.storage.error.StorageException;
import io.observatory.storage.stats.WriteStats;
import io.observatory.storage.writer.Writer;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowCallbackHandler;

/**
 * What was accepted, record by record: each record has a number, which its row shows, so
 * that millions of them can be compared one by one. Thread-safe.
 */
final class Ledger {

	private final Map<Subject, BitSet> accepted = new EnumMap<>(Subject.class);

	private final ReentrantLock lock = new ReentrantLock();

	private long refused;

	/**
	 * Writes a record of a number that was not used before, and enters it when it is
	 * accepted.
	 * @return whether it was
	 */
	boolean write(Writer writer, Subject subject, long number) {
		return write(subject, number, () -> subject.write(writer, number));
	}

	/**
	 * Writes a record of the caller's making, whose row shows this number.
	 * @return whether it was accepted
	 */
	boolean write(Subject subject, long number, Runnable write) {
		try {
			write.run();
		}
		catch (StorageException ex) {
			locked(() -> this.refused++);
			return false;
		}
		accepted(subject, number);
		return true;
	}

	/** Enters a record that was accepted. */
	void accepted(Subject subject, long number) {
		locked(() -> numbers(subject).set(Math.toIntExact(number)));
	}

	/** Enters records that were accepted together. */
	void accepted(Subject subject, long from, long to) {
		locked(() -> numbers(subject).set(Math.toIntExact(from), Math.toIntExact(to)));
	}

	/** Returns how many records were entered. */
	long accepted() {
		long[] sum = new long[1];
		locked(() -> this.accepted.values().forEach((numbers) -> sum[0] += numbers.cardinality()));
		return sum[0];
	}

	/** Returns how many writes threw. */
	long refused() {
		long[] result = new long[1];
		locked(() -> result[0] = this.refused);
		return result[0];
	}

	/**
	 * Compares all that was entered with what the tables hold now. What the writers say
	 * they dropped may be missing; all else that is missing is lost.
	 */
	Verdict verdict(JdbcTemplate jdbc, Writer... writers) {
		Found found = new Found();
		locked(() -> this.accepted.forEach((subject, numbers) -> compare(jdbc, subject, numbers, found)));
		long dropped = 0;
		long deadLettered = 0;
		for (Writer writer : writers) {
			WriteStats stats = writer.writeStats();
			Stored.assertAddsUp(stats);
			dropped += stats.droppedTotal();
			deadLettered += stats.deadLettered();
		}
		long accepted = accepted();
		return new Verdict(accepted, found.stored, deadLettered, dropped,
				accepted - found.stored - deadLettered - dropped, found.duplicated, found.unexpected);
	}

	private static void compare(JdbcTemplate jdbc, Subject subject, BitSet accepted, Found found) {
		BitSet seen = new BitSet(accepted.length());
		stream(jdbc, "SELECT " + subject.number() + " FROM observatory." + subject.table(), (number) -> {
			int index = Math.toIntExact(number);
			if (!accepted.get(index)) {
				found.unexpected++;
			}
			else if (seen.get(index)) {
				found.duplicated++;
			}
			else {
				seen.set(index);
				found.stored++;
			}
		});
	}

	/** In portions: millions of rows at once would not fit. */
	private static void stream(JdbcTemplate jdbc, String sql, Consumer<Long> consumer) {
		jdbc.execute((java.sql.Connection connection) -> {
			connection.setAutoCommit(false);
			try (var statement = connection.createStatement()) {
				statement.setFetchSize(10_000);
				try (var rows = statement.executeQuery(sql)) {
					RowCallbackHandler handler = (row) -> consumer.accept(row.getLong(1));
					while (rows.next()) {
						handler.processRow(rows);
					}
				}
			}
			connection.commit();
			return null;
		});
	}

	private BitSet numbers(Subject subject) {
		return this.accepted.computeIfAbsent(subject, (key) -> new BitSet());
	}

	private void locked(Runnable action) {
		this.lock.lock();
		try {
			action.run();
		}
		finally {
			this.lock.unlock();
		}
	}

	private static final class Found {

		private long stored;

		private long duplicated;

		private long unexpected;

	}

}
