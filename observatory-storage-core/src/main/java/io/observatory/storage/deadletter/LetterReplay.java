package io.observatory.storage.deadletter;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;

import io.observatory.storage.deadletter.DeadLetterQueue.Scope;
import io.observatory.storage.error.StorageException;
import io.observatory.storage.row.Rows;
import io.observatory.storage.sending.DeadLetter;
import io.observatory.storage.sending.Isolation;
import io.observatory.storage.sending.TableStore;
import io.observatory.storage.sending.TableStores;
import io.observatory.storage.session.CopyLoader;
import io.observatory.storage.session.ErrorClass;
import io.observatory.storage.session.RowLoader;
import io.observatory.storage.session.ServerMessage;
import io.observatory.storage.session.Transactions;
import io.observatory.storage.session.UnnestLoader;
import io.observatory.storage.table.Schema;
import io.observatory.storage.table.Table;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * One pass over dead letters, the oldest first. Each has a transaction of its own that
 * stores the row where it belongs and deletes the letter, so that a COMMIT without an
 * answer has done both or neither. A letter that another process is at is passed over.
 * <p>
 * Used by one thread.
 */
final class LetterReplay {

	private final Transactions transactions;

	private final Schema schema;

	private final TableStores loads;

	private final Scope scope;

	private UUID last = Scope.BEFORE_ALL;

	private boolean partitionsMade;

	private boolean insertOnly;

	private int replayed;

	private int failedAgain;

	LetterReplay(Transactions transactions, Schema schema, TableStores loads, Scope scope) {
		this.transactions = transactions;
		this.schema = schema;
		this.loads = loads;
		this.scope = scope;
	}

	int replayed() {
		return this.replayed;
	}

	int failedAgain() {
		return this.failedAgain;
	}

	/**
	 * Tries so many letters at most.
	 */
	void run(int limit) throws SQLException {
		boolean more = true;
		while (more && this.replayed + this.failedAgain < limit && !Thread.currentThread().isInterrupted()) {
			more = tryNext();
		}
	}

	private boolean tryNext() throws SQLException {
		while (true) {
			try {
				Tried tried = this.transactions.run(this::tryNext);
				count(tried);
				return tried != Tried.NONE;
			}
			catch (SQLException ex) {
				if (!remedied(ex)) {
					throw ex;
				}
			}
		}
	}

	private void count(Tried tried) {
		if (tried != Tried.NONE) {
			this.last = tried.letter();
			this.replayed += tried.stored() ? 1 : 0;
			this.failedAgain += tried.stored() ? 0 : 1;
		}
	}

	private Tried tryNext(Connection connection) throws SQLException {
		StoredLetter letter = lockNext(connection);
		if (letter == null) {
			return Tried.NONE;
		}
		Refusal refusal = store(connection, letter);
		if (refusal == null) {
			delete(connection, letter);
		}
		else {
			keep(connection, letter, refusal);
		}
		return new Tried(letter.id(), refusal == null);
	}

	private @Nullable StoredLetter lockNext(Connection connection) throws SQLException {
		Scope next = this.scope.after(this.last);
		try (PreparedStatement select = connection.prepareStatement("SELECT " + StoredLetter.COLUMNS + " FROM "
				+ letters() + " WHERE " + next.condition() + " ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED")) {
			int index = 1;
			for (Object parameter : next.parameters()) {
				select.setObject(index++, parameter);
			}
			try (ResultSet row = select.executeQuery()) {
				return row.next() ? StoredLetter.read(row) : null;
			}
		}
	}

	/**
	 * Stores the row as the writers do; when it is refused the transaction is as it was
	 * before.
	 * @return why it was refused, or null when it was stored
	 */
	private @Nullable Refusal store(Connection connection, StoredLetter letter) throws SQLException {
		Savepoint before = connection.setSavepoint();
		Refusal refusal = trying(connection, letter);
		if (refusal != null) {
			connection.rollback(before);
		}
		return refusal;
	}

	private @Nullable Refusal trying(Connection connection, StoredLetter letter) throws SQLException {
		try {
			Table<?> table = letter.table(this.loads);
			TableStore load = this.loads.of(table);
			List<DeadLetter> refused = new Isolation(road(connection), load.tables(), load::store)
				.run(rows(load, table, letter.row(table)), -1);
			return refused.isEmpty() ? null : Refusal.of(refused.get(0));
		}
		catch (StorageException ex) {
			return new Refusal(null, null, String.valueOf(ex.getMessage()));
		}
		catch (IndexOutOfBoundsException | IllegalArgumentException ex) {
			return new Refusal(null, null, "the row's bytes are damaged");
		}
		catch (SQLException ex) {
			if (!isOfThisRow(ex)) {
				throw ex;
			}
			return Refusal.of(ex);
		}
	}

	/**
	 * What is put down to the statement where a batch is refused is the row's own fault
	 * where it was sent alone.
	 */
	private boolean isOfThisRow(SQLException failure) {
		ErrorClass errorClass = ErrorClass.of(failure);
		return errorClass == ErrorClass.STATEMENT || (errorClass == ErrorClass.NO_PARTITION && this.partitionsMade);
	}

	private static List<Rows> rows(TableStore load, Table<?> table, byte[] row) {
		return load.tables().stream().map((each) -> (each == table) ? Rows.one(row) : Rows.NONE).toList();
	}

	private RowLoader road(Connection connection) throws SQLException {
		return (this.insertOnly || !connection.isWrapperFor(PGConnection.class))
				? new UnnestLoader(connection, this.schema) : new CopyLoader(connection, this.schema);
	}

	private void delete(Connection connection, StoredLetter letter) throws SQLException {
		try (PreparedStatement delete = connection.prepareStatement("DELETE FROM " + letters() + " WHERE id = ?")) {
			delete.setObject(1, letter.id());
			delete.executeUpdate();
		}
	}

	private void keep(Connection connection, StoredLetter letter, Refusal refusal) throws SQLException {
		try (PreparedStatement update = connection.prepareStatement("UPDATE " + letters()
				+ " SET attempts = attempts + 1, sql_state = ?, constraint_name = ?, reason = ? WHERE id = ?")) {
			update.setString(1, refusal.sqlState());
			update.setString(2, refusal.constraint());
			update.setString(3, refusal.reason());
			update.setObject(4, letter.id());
			update.executeUpdate();
		}
	}

	/**
	 * Does what the writers do about such a failure, once; then the letter is tried
	 * again.
	 */
	private boolean remedied(SQLException failure) throws SQLException {
		if (ErrorClass.of(failure) == ErrorClass.NO_PARTITION && !this.partitionsMade) {
			this.partitionsMade = true;
			this.transactions.run((connection) -> makePartitions(connection));
			return true;
		}
		if ("0A000".equals(ErrorClass.sqlState(failure)) && !this.insertOnly) {
			this.insertOnly = true;
			return true;
		}
		return false;
	}

	private boolean makePartitions(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			return statement.execute("SELECT " + this.schema.qualify("make_partitions()"));
		}
	}

	private String letters() {
		return this.schema.qualify("dead_letters");
	}

	/**
	 * Why a row was refused.
	 *
	 * @param sqlState as PostgreSQL says it
	 * @param constraint the constraint it violates, if that is the reason
	 * @param reason in words, without content
	 */
	private record Refusal(@Nullable String sqlState, @Nullable String constraint, String reason) {

		static Refusal of(DeadLetter letter) {
			return new Refusal(letter.sqlState(), letter.constraint(), letter.reason());
		}

		static Refusal of(SQLException failure) {
			return new Refusal(ErrorClass.sqlState(failure), ServerMessage.constraint(failure),
					ServerMessage.describe(failure, ErrorClass.of(failure)));
		}

	}

	/**
	 * What became of a letter.
	 *
	 * @param letter its id
	 * @param stored whether its row is where it belongs now
	 */
	private record Tried(UUID letter, boolean stored) {

		/** There was no further letter. */
		static final Tried NONE = new Tried(Scope.BEFORE_ALL, false);

	}

}
