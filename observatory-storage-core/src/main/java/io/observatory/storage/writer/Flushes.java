package io.observatory.storage.writer;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.observatory.storage.buffer.Batch;
import io.observatory.storage.buffer.RowBuffer;
import io.observatory.storage.error.StorageException;
import io.observatory.storage.sink.Outcome;

/**
 * The flushes that somebody waits for. A flush is done when all batches with rows from
 * before it are settled, and fails when one of them failed a retry cycle.
 */
final class Flushes {

	private final RowBuffer buffer;

	private final List<FlushTicket> tickets = new CopyOnWriteArrayList<>();

	Flushes(RowBuffer buffer) {
		this.buffer = buffer;
	}

	FlushTicket begin() {
		FlushTicket ticket = new FlushTicket(this.buffer.flush());
		this.tickets.add(ticket);
		ticket.future().whenComplete((result, failure) -> this.tickets.remove(ticket));
		completeSettled();
		return ticket;
	}

	/** Called before the batch is settled, so that its rows are in the result. */
	void stored(Batch batch, Outcome outcome) {
		for (FlushTicket ticket : this.tickets) {
			if (this.buffer.covers(ticket.mark(), batch)) {
				ticket.add(outcome);
			}
		}
	}

	void completeSettled() {
		for (FlushTicket ticket : this.tickets) {
			if (this.buffer.isSettled(ticket.mark())) {
				ticket.complete();
			}
		}
	}

	void failed(Batch batch, StorageException failure) {
		for (FlushTicket ticket : this.tickets) {
			if (this.buffer.covers(ticket.mark(), batch)) {
				ticket.fail(failure);
			}
		}
	}

	void failAll(StorageException failure) {
		this.tickets.forEach((ticket) -> ticket.fail(failure));
	}

}
