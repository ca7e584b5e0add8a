package io.observatory.storage.deadletter;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;

import io.observatory.storage.deadletter.DeadLetterQueue.Scope;
import io.observatory.storage.error.StorageException;
import io.observatory.storage.row.Rows;
import io.observatory.storage.sending.DeadLetter;
import io.observatory.storage.sending.Sender;
import io.observatory.storage.sending.TableStores;
import io.observatory.storage.sending.UnitOfWork;
import io.observatory.storage.session.ErrorClass;
import io.observatory.storage.session.RowLoader;
import io.observatory.storage.session.ServerMessage;
import io.observatory.storage.session.Session;
import io.observatory.storage.table.Table;
import org.jspecify.annotations.Nullable;

/**
 * One pass over dead letters, the oldest first. Each is sent as the writers send a batch,
 * in a transaction that stores the row where it belongs and deletes the letter, so that a
 * COMMIT without an answer has done both or neither. A letter that another process is at
 * is passed over.
 * <p>
 * Used by one thread.
 */
final class LetterReplay {

	private final Session session;

	private final TableStores stores;

	private final Sender sender;

	private final Scope scope;

	private UUID last = Scope.BEFORE_ALL;

	private int replayed;

	private int failedAgain;

	LetterReplay(Session session, TableStores stores, Scope scope) {
		this.session = session;
		this.stores = stores;
		this.sender = new Sender(session, stores.all());
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
		NextLetter next = new NextLetter();
		Refusal refusal = send(next);
		if (refusal != null) {
			this.session.run((connection) -> next.keep(connection, refusal));
		}
		if (next.letter == null) {
			return false;
		}
		this.last = next.letter;
		this.replayed += next.kept ? 0 : 1;
		this.failedAgain += next.kept ? 1 : 0;
		return true;
	}

	/** Returns why the letter cannot be stored, where it is for no row's sake. */
	private @Nullable Refusal send(NextLetter next) throws SQLException {
		try {
			this.sender.send(next);
			return null;
		}
		catch (SQLException ex) {
			// what is put down to the statement where a batch is refused is the row's own
			// fault where it was sent alone
			if (ErrorClass.of(ex) != ErrorClass.STATEMENT) {
				throw ex;
			}
			return new Refusal(ErrorClass.sqlState(ex), ServerMessage.constraint(ex),
					ServerMessage.describe(ex, ErrorClass.STATEMENT));
		}
		catch (StorageException ex) {
			return new Refusal(null, null, String.valueOf(ex.getMessage()));
		}
		catch (IndexOutOfBoundsException | IllegalArgumentException ex) {
			return new Refusal(null, null, "the row's bytes are damaged");
		}
	}

	/**
	 * The next letter: its row is stored and it is deleted, or else it is kept.
	 */
	private final class NextLetter implements UnitOfWork {

		private final String letters = LetterReplay.this.session.schema().qualify("dead_letters");

		private @Nullable UUID letter;

		private boolean kept;

		private boolean done;

		@Override
		public boolean isDone() {
			return this.done;
		}

		@Override
		public @Nullable List<Rows> begin(RowLoader loader) throws SQLException {
			StoredLetter next = lock(loader);
			if (next == null) {
				this.letter = null;
				return null;
			}
			this.letter = next.id();
			Table<?> table = next.table(LetterReplay.this.stores);
			byte[] row = next.row(table);
			return LetterReplay.this.sender.tables()
				.stream()
				.map((each) -> each.equals(table) ? Rows.one(row) : Rows.NONE)
				.toList();
		}

		private @Nullable StoredLetter lock(RowLoader loader) throws SQLException {
			Scope next = LetterReplay.this.scope.after(LetterReplay.this.last);
			try (Statement begin = loader.connection().createStatement();
					PreparedStatement select = loader.connection()
						.prepareStatement("SELECT " + StoredLetter.COLUMNS + " FROM " + this.letters + " WHERE "
								+ next.condition() + " ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED")) {
				begin.execute(loader.preamble());
				for (int i = 0; i < next.parameters().size(); i++) {
					select.setObject(i + 1, next.parameters().get(i));
				}
				try (ResultSet row = select.executeQuery()) {
					return row.next() ? StoredLetter.read(row) : null;
				}
			}
		}

		@Override
		public void end(RowLoader loader, List<DeadLetter> refused) throws SQLException {
			if (!refused.isEmpty()) {
				DeadLetter again = refused.get(0);
				keep(loader.connection(), new Refusal(again.sqlState(), again.constraint(), again.reason()));
				return;
			}
			try (PreparedStatement delete = loader.connection()
				.prepareStatement("DELETE FROM " + this.letters + " WHERE id = ?")) {
				delete.setObject(1, this.letter);
				delete.executeUpdate();
			}
		}

		private int keep(Connection connection, Refusal refusal) throws SQLException {
			this.kept = true;
			try (PreparedStatement update = connection.prepareStatement("UPDATE " + this.letters
					+ " SET attempts = attempts + 1, sql_state = ?, constraint_name = ?, reason = ? WHERE id = ?")) {
				update.setString(1, refusal.sqlState());
				update.setString(2, refusal.constraint());
				update.setString(3, refusal.reason());
				update.setObject(4, this.letter);
				return update.executeUpdate();
			}
		}

		@Override
		public void committed() {
			this.done = true;
		}

	}

	/**
	 * Why a row was refused.
	 *
	 * @param sqlState as PostgreSQL says it
	 * @param constraint the constraint it violates, if that is the reason
	 * @param reason in words, without content
	 */
	private record Refusal(@Nullable String sqlState, @Nullable String constraint, String reason) {
	}

}
