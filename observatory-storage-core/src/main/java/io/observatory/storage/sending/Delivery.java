package io.observatory.storage.sending;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

import io.observatory.storage.row.Rows;

/**
 * A sealed batch on its way through a lane: what of it is still to be stored, and what
 * came of the rest. It goes in one piece unless the server does not get through with it
 * in time; then it is halved, each piece a step of the lane of its own.
 * <p>
 * Used by the slot's thread alone.
 */
public final class Delivery {

	/** One may be bad luck. */
	private static final int MAX_TIMEOUTS = 2;

	private final Lane lane;

	private final Deque<List<Rows>> pieces = new ArrayDeque<>();

	private long stored;

	private long deadLettered;

	/** How often the next piece has run out of time. */
	private int timeouts;

	Delivery(Lane lane, List<Rows> rows) {
		this.lane = lane;
		this.pieces.push(rows);
	}

	Lane lane() {
		return this.lane;
	}

	boolean isDone() {
		return this.pieces.isEmpty();
	}

	/** Returns the rows to be stored next, those of each table. */
	List<Rows> next() {
		return this.pieces.element();
	}

	/** Says what came of the rows that were next. */
	void settle(Outcome outcome) {
		this.pieces.pop();
		this.stored += outcome.stored();
		this.deadLettered += outcome.deadLettered();
		this.timeouts = 0;
	}

	/**
	 * Says that the server did not get through with the rows in time. While it is not
	 * known what became of them, they stay together.
	 * @return whether there is something smaller to try now
	 */
	boolean halve() {
		int count = Rows.count(next());
		if (++this.timeouts < MAX_TIMEOUTS || count < 2 || this.lane.isInDoubt()) {
			return false;
		}
		List<Rows> rows = this.pieces.pop();
		this.pieces.push(Rows.slice(rows, count / 2, count));
		this.pieces.push(Rows.slice(rows, 0, count / 2));
		this.timeouts = 0;
		return true;
	}

	Outcome outcome() {
		return new Outcome(this.stored, this.deadLettered);
	}

}
