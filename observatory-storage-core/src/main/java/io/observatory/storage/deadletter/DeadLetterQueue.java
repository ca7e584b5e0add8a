package io.observatory.storage.deadletter;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

import javax.sql.DataSource;

import io.observatory.storage.error.StorageException;
import io.observatory.storage.row.RowJson;
import io.observatory.storage.sending.TableStores;
import io.observatory.storage.session.Session;
import io.observatory.storage.session.SessionSettings;
import io.observatory.storage.session.Work;
import io.observatory.storage.table.Schema;
import io.observatory.storage.table.Table;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * The rows that PostgreSQL refused and the writers put aside in {@code dead_letters}: to
 * look at, to store after all once the cause is gone, to throw away.
 * <p>
 * Only {@link #render} shows what a row holds. Any number of processes may replay and
 * purge at once, while writers write. Each call uses one connection at a time, in
 * transactions of its own, never in the caller's.
 * <p>
 * Thread-safe. Failures come as {@link StorageException}, without content.
 */
public final class DeadLetterQueue {

	/** The most letters that one {@link #list} returns. */
	public static final int MAX_LIST = 10_000;

	/** More kinds of failure than a person reads. */
	private static final int MAX_COUNTS = 1000;

	private final Session session;

	private final TableStores stores;

	public DeadLetterQueue(DataSource dataSource, String schema) {
		this(dataSource, schema, new TableStores());
	}

	DeadLetterQueue(DataSource dataSource, String schema, TableStores stores) {
		this.stores = stores;
		this.session = new Session("letters", dataSource, SessionSettings.besideWriters(new Schema(schema)));
	}

	/** Returns how many letters there are. */
	public long count() {
		return call("Counting the dead letters", (connection) -> count(connection, Scope.ALL));
	}

	/**
	 * Returns how many letters there are of each table and kind of failure, the most
	 * frequent first, at most {@value #MAX_COUNTS} kinds.
	 */
	public List<Count> counts() {
		return call("Counting the dead letters", (connection) -> jdbc(connection).query("""
				SELECT table_name, sql_state, constraint_name, reason, count(*), min(failed_at), max(failed_at)
				FROM %s GROUP BY 1, 2, 3, 4 ORDER BY 5 DESC, 1, 2, 3, 4 LIMIT %d
				""".formatted(letters(), MAX_COUNTS), (row, number) -> Count.read(row)));
	}

	/**
	 * Returns letters of all tables, the oldest first, without what they hold.
	 * @param after the id of the last letter of the page before, or null for the first
	 * page
	 * @param limit how many at most, up to {@value #MAX_LIST}
	 */
	public List<Letter> list(@Nullable UUID after, int limit) {
		return list(Scope.ALL, after, limit);
	}

	/**
	 * Returns letters of one table, as {@link #list(UUID, int)} does.
	 * @throws IllegalArgumentException when there is no such table
	 */
	public List<Letter> list(String table, @Nullable UUID after, int limit) {
		return list(ofTable(table), after, limit);
	}

	/**
	 * Returns what a letter holds, as JSON: an object with a member for each column. For
	 * those who may read the records themselves.
	 * @return the JSON text, or nothing when there is no such letter
	 * @throws StorageException when the row is of a later version or its bytes are
	 * damaged, too
	 */
	public Optional<String> render(UUID id) {
		List<StoredLetter> found = call("Reading a dead letter",
				(connection) -> jdbc(connection).query(
						"SELECT " + StoredLetter.COLUMNS + " FROM " + letters() + " WHERE id = ?",
						(row, number) -> StoredLetter.read(row), id));
		return found.stream().map(this::render).findFirst();
	}

	private String render(StoredLetter letter) {
		Table<?> table = letter.table(this.stores);
		return RowJson.render(table.columns(), letter.row(table));
	}

	/**
	 * Stores the rows of all tables' letters where they belong, the oldest first, each in
	 * one transaction with the letter's removal: whatever happens, even a connection lost
	 * at COMMIT, a row is either a letter or stored, and stored once. A row that is
	 * refused again stays a letter, with one more attempt and the new reason. An
	 * interrupt ends the replay after the letter it is at.
	 * @param limit how many letters to try at most
	 * @throws StorageException when the database cannot be reached or lacks something, so
	 * that it is no use to go on; what was replayed by then is replayed
	 */
	public Replay replay(int limit) {
		return replay(Scope.ALL, limit);
	}

	/**
	 * Stores the rows of one table's letters, as {@link #replay(int)} does.
	 * @throws IllegalArgumentException when there is no such table
	 */
	public Replay replay(String table, int limit) {
		return replay(ofTable(table), limit);
	}

	/**
	 * Stores the row of one letter, as {@link #replay(int)} does. Where there is no such
	 * letter, or another process is at it, nothing is done.
	 */
	public Replay replay(UUID id) {
		return replay(new Scope("id = ?", List.of(id)), 1);
	}

	/**
	 * Deletes the letters that were put aside before a time, and the rows they hold for
	 * good; those that are being replayed right now are left.
	 * @return how many
	 */
	public long purge(Instant olderThan) {
		String old = "SELECT id FROM " + letters() + " WHERE failed_at < ? FOR UPDATE SKIP LOCKED";
		return call("Purging the dead letters", (connection) -> (long) jdbc(connection)
			.update("DELETE FROM " + letters() + " WHERE id IN (" + old + ")", Timestamp.from(olderThan)));
	}

	private List<Letter> list(Scope scope, @Nullable UUID after, int limit) {
		if (limit < 1 || limit > MAX_LIST) {
			throw new IllegalArgumentException("limit must lie between 1 and " + MAX_LIST);
		}
		Scope page = scope.after((after != null) ? after : Scope.BEFORE_ALL);
		return call("Listing the dead letters", (connection) -> jdbc(connection).query("""
				SELECT id, table_name, sql_state, constraint_name, reason, attempts, failed_at
				FROM %s WHERE %s ORDER BY id LIMIT %d
				""".formatted(letters(), page.condition(), limit), (row, number) -> Letter.read(row),
				page.parameters().toArray()));
	}

	private Replay replay(Scope scope, int limit) {
		if (limit < 1) {
			throw new IllegalArgumentException("limit must be at least 1");
		}
		LetterReplay replay = new LetterReplay(this.session, this.stores, scope);
		try {
			replay.run(limit);
		}
		catch (SQLException ex) {
			throw this.session.failure("The replay of dead letters (%d replayed, %d failed again) failed"
				.formatted(replay.replayed(), replay.failedAgain()), ex);
		}
		return new Replay(replay.replayed(), replay.failedAgain(),
				call("Counting the dead letters", (connection) -> count(connection, scope)));
	}

	private long count(Connection connection, Scope scope) {
		return jdbc(connection)
			.query("SELECT count(*) FROM " + letters() + " WHERE " + scope.condition(), (row, number) -> row.getLong(1),
					scope.parameters().toArray())
			.get(0);
	}

	private Scope ofTable(String table) {
		if (this.stores.table(table).isEmpty()) {
			throw new IllegalArgumentException("There is no table " + table);
		}
		return new Scope("table_name = ?", List.of(table));
	}

	private <T> T call(String what, Work<T> work) {
		try {
			return this.session.run(work);
		}
		catch (SQLException ex) {
			throw this.session.failure(what + " failed", ex);
		}
	}

	private static JdbcTemplate jdbc(Connection connection) {
		return new JdbcTemplate(new SingleConnectionDataSource(connection, true));
	}

	private String letters() {
		return this.session.schema().qualify("dead_letters");
	}

	/**
	 * How many letters there are of one kind.
	 *
	 * @param table where their rows belong
	 * @param sqlState why they were refused, as PostgreSQL says it (manual, appendix A),
	 * or null when it was a writer that refused them
	 * @param constraint the constraint they violated, or null
	 * @param reason why, in words, without content
	 * @param letters how many there are
	 * @param oldest when the first of them was put aside
	 * @param newest when the last of them was put aside
	 */
	public record Count(String table, @Nullable String sqlState, @Nullable String constraint, String reason,
			long letters, Instant oldest, Instant newest) {

		private static Count read(ResultSet row) throws SQLException {
			return new Count(row.getString(1), row.getString(2), row.getString(3), row.getString(4), row.getLong(5),
					row.getTimestamp(6).toInstant(), row.getTimestamp(7).toInstant());
		}

	}

	/**
	 * A letter, without what it holds.
	 *
	 * @param id its id, which grows with time
	 * @param table where its row belongs
	 * @param sqlState why it was refused last, as PostgreSQL says it (manual, appendix
	 * A), or null when it was a writer that refused it
	 * @param constraint the constraint it violated, or null
	 * @param reason why, in words, without content
	 * @param attempts how often the row was sent, replays included
	 * @param failedAt when it was put aside
	 */
	public record Letter(UUID id, String table, @Nullable String sqlState, @Nullable String constraint, String reason,
			int attempts, Instant failedAt) {

		private static Letter read(ResultSet row) throws SQLException {
			return new Letter(row.getObject(1, UUID.class), row.getString(2), row.getString(3), row.getString(4),
					row.getString(5), row.getInt(6), row.getTimestamp(7).toInstant());
		}

	}

	/**
	 * What a replay came to.
	 *
	 * @param replayed how many rows were stored, their letters removed
	 * @param failedAgain how many were refused again and stayed
	 * @param remaining how many of the letters that were asked for are left
	 */
	public record Replay(int replayed, int failedAgain, long remaining) {
	}

	/**
	 * Which letters a call is about.
	 *
	 * @param condition an SQL condition
	 * @param parameters its parameters
	 */
	record Scope(String condition, List<Object> parameters) {

		static final Scope ALL = new Scope("true", List.of());

		static final UUID BEFORE_ALL = new UUID(0, 0);

		/** Returns those of them that come after a letter. */
		Scope after(UUID letter) {
			return new Scope(this.condition + " AND id > ?",
					Stream.concat(this.parameters.stream(), Stream.of(letter)).toList());
		}

	}

}
