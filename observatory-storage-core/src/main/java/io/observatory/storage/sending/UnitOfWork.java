package io.observatory.storage.sending;

import java.sql.SQLException;
import java.util.List;

import io.observatory.storage.row.Rows;
import io.observatory.storage.session.RowLoader;
import io.observatory.storage.session.Session;
import org.jspecify.annotations.Nullable;

/**
 * Rows to be stored, and what tells in the same transaction that they are: the position
 * of a lane, or the removal of a letter. Used by one thread.
 */
public interface UnitOfWork {

	/** Returns whether there is nothing left to be stored. */
	boolean isDone();

	/**
	 * Begins a transaction, with the loader's preamble before the first statement.
	 * @return the rows to store, those of each table, or null when that has been done
	 */
	@Nullable List<Rows> begin(RowLoader loader) throws SQLException;

	/**
	 * Ends the transaction, up to its COMMIT.
	 * @param refused those of the rows that could not be stored
	 */
	void end(RowLoader loader, List<DeadLetter> refused) throws SQLException;

	/** Says that the transaction is committed. */
	void committed();

	/**
	 * Says that the server did not get through with the rows in time.
	 * @return whether there is something smaller to try now
	 */
	default boolean halve() {
		return false;
	}

	/**
	 * Ends the session that keeps this one from beginning.
	 * @return whether there was one
	 */
	default boolean endHolder(Session session) throws SQLException {
		return false;
	}

}
