package io.observatory.storage.sending;

import java.sql.SQLException;

import io.observatory.storage.error.StorageException;
import io.observatory.storage.row.SealedRows;
import io.observatory.storage.session.DatabaseException;
import io.observatory.storage.session.Session;

/**
 * Stores batches, each in one transaction with the position of its lane, so that it lands
 * exactly once however often it has to be sent. Thread-safe; each lane belongs to one
 * thread.
 */
public final class BatchSender {

	private final String writer;

	private final Session session;

	private final Sender sender;

	private final DeadLetters deadLetters;

	/**
	 * Makes a sender.
	 * @param maxDeadLetters the most rows in {@code dead_letters}
	 */
	public BatchSender(String writer, Session session, Sender sender, long maxDeadLetters) {
		this.writer = writer;
		this.session = session;
		this.sender = sender;
		this.deadLetters = new DeadLetters(session.schema(), maxDeadLetters);
	}

	/** Returns a batch ready to be sent. */
	public Delivery delivery(Lane lane, SealedRows rows) {
		return new Delivery(lane, rows, this.deadLetters);
	}

	/**
	 * Stores a batch.
	 * @throws DatabaseException when it was not stored, or when that is not known; the
	 * same delivery must be sent before any other
	 */
	public Outcome send(Delivery delivery) {
		try {
			this.sender.send(delivery);
			return delivery.outcome();
		}
		catch (SQLException ex) {
			throw this.session.failure("The writer '" + this.writer + "' could not store a batch", ex);
		}
	}

	/**
	 * Returns the exception for what nobody expects: a fault of ours or of the data
	 * source's, or no memory left. Its message might hold anything.
	 */
	public StorageException unexpected(Throwable failure) {
		return new StorageException(
				"The writer '" + this.writer + "' could not store a batch: unexpected " + failure.getClass().getName(),
				false, null);
	}

}
