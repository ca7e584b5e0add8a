package io.observatory.storage.sending;

import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;

import io.observatory.storage.row.Rows;
import io.observatory.storage.session.ErrorClass;
import io.observatory.storage.session.ErrorClass.Remedy;
import io.observatory.storage.session.LocalFailure;
import io.observatory.storage.session.RowLoader;
import io.observatory.storage.session.ServerMessage;
import io.observatory.storage.table.Table;

/**
 * Stores a batch in which rows are at fault: it is divided, each part in a savepoint of
 * its own, until the rows that fail are alone. Where COPY tells the line, the parts are
 * what stands before it, the line itself and the rest; otherwise halves. No row becomes a
 * dead letter that has not failed alone, and none for a statement that was too large.
 */
final class Isolation {

	/** Stands for no code of PostgreSQL's: classified as configuration. */
	private static final String TOO_MANY = "OB001";

	/** So many rows may be at fault whatever the size of the batch. */
	private static final int MIN_SUSPICIOUS = 10;

	private final RowLoader loader;

	private final List<Table<?>> tables;

	private final Store store;

	/** Whether a failure of this class may be a row's fault. */
	private final Predicate<ErrorClass> isolates;

	private final List<DeadLetter> letters = new ArrayList<>();

	/** What is still to be stored, the next part on top. */
	private final Deque<List<Rows>> parts = new ArrayDeque<>();

	private int refused;

	Isolation(RowLoader loader, List<Table<?>> tables, Store store, Predicate<ErrorClass> isolates) {
		this.loader = loader;
		this.tables = tables;
		this.store = store;
		this.isolates = isolates;
	}

	/**
	 * Stores what can be stored, and returns the rest.
	 * @param rows rows that could not be stored all at once
	 * @param suspect the index of the row that was at fault then, or -1
	 */
	List<DeadLetter> run(List<Rows> rows, int suspect) throws SQLException {
		checkAtOnce();
		int mostRefused = Math.max(MIN_SUSPICIOUS, Rows.count(rows) / 2);
		divide(rows, suspect);
		while (!this.parts.isEmpty()) {
			store(this.parts.pop(), 1);
			if (this.refused > mostRefused) {
				throw new LocalFailure(
						"PostgreSQL refused more than half of a batch, so it is not the data that is wrong: "
								+ "check the tables' constraints and partitions",
						TOO_MANY);
			}
		}
		return this.letters;
	}

	/**
	 * A deferred constraint would fail with the COMMIT, when no row can be told any more.
	 * For this transaction alone.
	 */
	private void checkAtOnce() throws SQLException {
		try (Statement statement = this.loader.connection().createStatement()) {
			statement.execute("SET CONSTRAINTS ALL IMMEDIATE");
		}
	}

	private void push(List<Rows> rows) {
		if (Rows.count(rows) > 0) {
			this.parts.push(rows);
		}
	}

	private void store(List<Rows> rows, int attempt) throws SQLException {
		Savepoint savepoint = this.loader.connection().setSavepoint();
		try {
			this.letters.addAll(this.store.store(this.loader, rows));
			this.loader.connection().releaseSavepoint(savepoint);
		}
		catch (SQLException ex) {
			ErrorClass errorClass = ErrorClass.of(ex);
			boolean alone = Rows.count(rows) == 1;
			if (!this.isolates.test(errorClass) || (alone && errorClass == ErrorClass.STATEMENT)) {
				throw ex;
			}
			this.loader.connection().rollback(savepoint);
			if (!alone) {
				divide(rows, suspect(this.loader, this.tables, rows, ex));
			}
			else if (errorClass.remedy(attempt) == Remedy.SEND_AGAIN) {
				store(rows, attempt + 1);
			}
			else {
				this.refused++;
				this.letters.add(letter(rows, errorClass, ex));
			}
		}
	}

	/**
	 * Divides before and after the line, or in the middle when there is none.
	 */
	private void divide(List<Rows> rows, int line) {
		int count = Rows.count(rows);
		if (line < 0) {
			push(Rows.slice(rows, count / 2, count));
			push(Rows.slice(rows, 0, count / 2));
		}
		else {
			push(Rows.slice(rows, line + 1, count));
			push(Rows.slice(rows, line, line + 1));
			push(Rows.slice(rows, 0, line));
		}
	}

	/** Returns the index, over all tables, of the row that COPY named, or -1. */
	static int suspect(RowLoader loader, List<Table<?>> tables, List<Rows> rows, SQLException failure) {
		int line = ServerMessage.copyLine(failure);
		int before = 0;
		for (int i = 0; i < rows.size(); i++) {
			if (tables.get(i).equals(loader.failedCopy()) && line >= 1 && line <= rows.get(i).count()) {
				return before + line - 1;
			}
			before += rows.get(i).count();
		}
		return -1;
	}

	private DeadLetter letter(List<Rows> rows, ErrorClass errorClass, SQLException failure) {
		for (int i = 0; i < rows.size(); i++) {
			if (!rows.get(i).isEmpty()) {
				return new DeadLetter(this.tables.get(i), rows.get(i), ErrorClass.sqlState(failure),
						ServerMessage.constraint(failure), ServerMessage.describe(failure, errorClass));
			}
		}
		throw new IllegalStateException("No row to put aside");
	}

	/**
	 * Stores rows of all tables, plainly.
	 */
	interface Store {

		List<DeadLetter> store(RowLoader loader, List<Rows> rows) throws SQLException;

	}

}
