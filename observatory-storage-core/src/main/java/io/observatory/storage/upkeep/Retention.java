package io.observatory.storage.upkeep;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

import javax.sql.DataSource;

import io.observatory.storage.error.StorageException;
import io.observatory.storage.session.RowLoader.RowReader;
import io.observatory.storage.session.Session;
import io.observatory.storage.session.SessionSettings;
import io.observatory.storage.table.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Removes what is older than it is to be kept, by the functions of the schema. The append
 * tables lose whole days (UTC), so their rows may stay up to a day longer. Traces with
 * their spans, scores, metrics without points, and dead letters go in small batches with
 * pauses; what a writer has locked is left to the next run, so that no writer is held up.
 * <p>
 * Any number of processes may run it: of those that meet, one goes on. How old a record
 * is goes by the server's clock, so that no process whose clock is ahead deletes too
 * much. Each batch is a transaction of its own, never the caller's.
 * <p>
 * {@link #run} is for one thread, the rest for any.
 */
public final class Retention {

	/** How long a batch is to take: its size follows. */
	private static final long BATCH_NANOS = TimeUnit.MILLISECONDS.toNanos(150);

	/** On a server that is overloaded it must get on all the same. */
	private static final int MIN_ROWS = 500;

	private static final int MAX_ROWS = 5000;

	/** A day of spans is read as a whole before it goes. */
	private static final Duration DAY_DEADLINE = Duration.ofMinutes(15);

	private final Session session;

	private final Session days;

	private final RetentionPeriods periods;

	private volatile Removed removed = Removed.NOTHING;

	public Retention(DataSource dataSource, String schema, RetentionPeriods periods) {
		this.session = new Session("retention", dataSource, SessionSettings.besideWriters(new Schema(schema)));
		this.days = new Session("retention", dataSource,
				SessionSettings.besideWriters(new Schema(schema), DAY_DEADLINE));
		this.periods = periods;
	}

	/** Returns what the current run, or the last one, has removed until now. */
	public Removed removed() {
		return this.removed;
	}

	/**
	 * Removes all that is too old by now. An interrupt ends it after the batch it is at.
	 * @throws StorageException when something could not be removed, the first of several;
	 * all else was, and another run makes up for it
	 */
	public void run() {
		this.removed = Removed.NOTHING;
		StorageException failure = null;
		for (Step step : List.of(new Step(this.periods.deadLetters(), this::deleteDeadLetters),
				new Step(this.periods.logs(), (period) -> dropDays("logs", period)),
				new Step(this.periods.metrics(), (period) -> dropDays("metric_data_points", period)),
				new Step(this.periods.metrics(), this::deleteMetrics),
				new Step(this.periods.traces(), (period) -> dropDays("trace_events", period)),
				new Step(this.periods.traces(), this::deleteScores),
				new Step(this.periods.traces(), this::removeTraces))) {
			try {
				remove(step);
			}
			catch (StorageException ex) {
				failure = (failure != null) ? failure : ex;
			}
		}
		if (failure != null) {
			throw failure;
		}
	}

	private static void remove(Step step) {
		if (step.period() != null && !Thread.currentThread().isInterrupted()) {
			step.removal().accept(step.period());
		}
	}

	/**
	 * One that meets somebody else at the partitions, who drops or makes some, does not
	 * wait and leaves this table's to them or to the next run. The lock is the function's
	 * own.
	 */
	private void dropDays(String table, Duration period) {
		dropDays("drop_partitions", "%s(now() - ?::interval, ?)", period.toString(), table);
	}

	/** Returns whether nobody else was met. */
	private boolean dropDays(String function, String call, Object... arguments) {
		String sql = """
				SELECT CASE WHEN pg_try_advisory_xact_lock(hashtextextended('observatory-storage partitions ' || ?, 0))
				            THEN %s ELSE -1 END""".formatted(call);
		Object[] all = Stream.concat(Stream.of(this.session.schema().name()), Stream.of(arguments)).toArray();
		int days;
		do {
			days = call(this.days, function, sql, (row) -> row.getInt(1), all);
			this.removed = this.removed.plus(0, 0, 0, Math.max(0, days));
		}
		while (days > 0);
		return days == 0;
	}

	/** Not counted: they are what the points that are gone were of. */
	private void deleteMetrics(Duration period) {
		inBatches((from, rows) -> {
			int metrics = call("delete_metrics", "SELECT %s(now() - ?::interval, ?)", (row) -> row.getInt(1),
					period.toString(), rows);
			return (metrics == rows) ? from : null;
		});
	}

	/** Not counted: they are what was thought of traces that are gone. */
	private void deleteScores(Duration period) {
		inBatches((from, rows) -> {
			int scores = call("delete_scores", "SELECT %s(now() - ?::interval, ?)", (row) -> row.getInt(1),
					period.toString(), rows);
			return (scores == rows) ? from : null;
		});
	}

	private void deleteDeadLetters(Duration period) {
		inBatches((from, rows) -> {
			int letters = call("delete_dead_letters", "SELECT %s(now() - ?::interval, ?)", (row) -> row.getInt(1),
					period.toString(), rows);
			this.removed = this.removed.plus(0, 0, letters, 0);
			return (letters == rows) ? from : null;
		});
	}

	/**
	 * Where spans are kept by day, the day goes first, and while it cannot, its traces
	 * stay: their rows say which spans still belong to one that lives. Whoever is at the
	 * days goes on with their traces. Both have the same limit: across midnight, traces
	 * would go of a day that is still there.
	 */
	private void removeTraces(Duration period) {
		OffsetDateTime limit = call("now", "SELECT now() - ?::interval",
				(row) -> row.getObject(1, OffsetDateTime.class), period.toString());
		if (dropDays("drop_spans", "%s(?)", limit)) {
			deleteTraces(limit);
		}
	}

	private void deleteTraces(OffsetDateTime limit) {
		inBatches((from, rows) -> {
			DeletedTraces deleted = call("delete_traces", "SELECT * FROM %s(?, ?, ?, ?)", DeletedTraces::read, limit,
					rows, from.start(), from.id());
			this.removed = this.removed.plus(deleted.traces(), deleted.spans(), 0, 0);
			return deleted.next();
		});
	}

	/**
	 * Half of the time is left to others, and a batch is as large as its time allows, be
	 * it for large rows or for a slow disk.
	 */
	private static void inBatches(Batch batch) {
		Position position = Position.START;
		int rows = MIN_ROWS;
		while (position != null && !Thread.currentThread().isInterrupted()) {
			long begun = System.nanoTime();
			position = batch.remove(position, rows);
			long taken = System.nanoTime() - begun;
			long inTime = rows * BATCH_NANOS / Math.max(1, taken);
			rows = (int) Math.max(MIN_ROWS, Math.min(inTime, Math.min(MAX_ROWS, 2 * rows)));
			pause(taken);
		}
	}

	private static void pause(long nanos) {
		try {
			TimeUnit.NANOSECONDS.sleep(nanos);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private <T> T call(String function, String sql, RowReader<T> reader, Object... arguments) {
		return call(this.session, function, sql, reader, arguments);
	}

	private static <T> T call(Session session, String function, String sql, RowReader<T> reader, Object... arguments) {
		String qualified = sql.formatted(session.schema().qualify(function));
		try {
			return session.run((connection) -> {
				try (PreparedStatement statement = connection.prepareStatement(qualified)) {
					for (int i = 0; i < arguments.length; i++) {
						statement.setObject(i + 1, arguments[i]);
					}
					try (ResultSet row = statement.executeQuery()) {
						row.next();
						return reader.read(row);
					}
				}
			});
		}
		catch (SQLException ex) {
			throw session.failure(function + " failed", ex);
		}
	}

	/**
	 * What one run or several have removed.
	 *
	 * @param traces how many traces
	 * @param spans how many spans, theirs
	 * @param deadLetters how many dead letters
	 * @param days how many day partitions of logs, data points and events, and of spans
	 * where they have any
	 */
	public record Removed(long traces, long spans, long deadLetters, int days) {

		/** Nothing. */
		public static final Removed NOTHING = new Removed(0, 0, 0, 0);

		Removed plus(int traces, int spans, int letters, int days) {
			return new Removed(this.traces + traces, this.spans + spans, this.deadLetters + letters, this.days + days);
		}

	}

	/**
	 * A part of a run.
	 *
	 * @param period how long these records are kept
	 * @param removal removes what is older
	 */
	private record Step(@Nullable Duration period, Consumer<Duration> removal) {
	}

	/**
	 * How far the traces are, in the order of their age.
	 *
	 * @param start when the last one began
	 * @param id its id
	 */
	private record Position(OffsetDateTime start, UUID id) {

		/** PostgreSQL's -infinity. */
		static final Position START = new Position(OffsetDateTime.MIN, new UUID(0, 0));

	}

	/**
	 * What a call of delete_traces came to.
	 *
	 * @param next where the next one begins, or null at the end
	 */
	private record DeletedTraces(int traces, int spans, @Nullable Position next) {

		static DeletedTraces read(ResultSet row) throws SQLException {
			OffsetDateTime start = row.getObject("after_start", OffsetDateTime.class);
			return new DeletedTraces(row.getInt("deleted_traces"), row.getInt("deleted_spans"),
					(start != null) ? new Position(start, row.getObject("after_id", UUID.class)) : null);
		}

	}

	/**
	 * Removes so many rows from a position on.
	 */
	private interface Batch {

		/** Returns where the next batch begins, or null at the end. */
		@Nullable Position remove(Position from, int rows);

	}

}
