package io.observatory.storage.sending;

import java.sql.SQLException;
import java.util.List;

import io.observatory.storage.error.StorageException;
import io.observatory.storage.row.Rows;
import io.observatory.storage.session.DatabaseException;
import io.observatory.storage.session.Session;

/**
 * Stores the batches of one slot, each in one transaction with the position of the slot's
 * lane, so that it lands exactly once however often it has to be sent. Used by the slot's
 * thread alone.
 */
public final class BatchSender {

	private final String writer;

	private final Session session;

	private final Sender sender;

	private final Lane lane;

	private final DeadLetters deadLetters;

	/**
	 * Makes the sender of a slot, which begins a new lane.
	 * @param maxDeadLetters the most rows in {@code dead_letters}
	 */
	public BatchSender(String writer, int slot, Session session, Sender sender, long maxDeadLetters) {
		this.writer = writer;
		this.session = session;
		this.sender = sender;
		this.lane = new Lane(writer, slot, session.schema());
		this.deadLetters = new DeadLetters(session.schema(), maxDeadLetters);
	}

	public Lane lane() {
		return this.lane;
	}

	/** Returns a batch, the rows of each table, ready to be sent. */
	public Delivery delivery(List<Rows> rows) {
		return new Delivery(this.lane, rows, this.deadLetters);
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
