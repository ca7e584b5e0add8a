package io.observatory.storage.sending;

import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

import io.observatory.storage.row.Rows;
import io.observatory.storage.session.RowLoader;
import io.observatory.storage.session.Session;
import org.jspecify.annotations.Nullable;

/**
 * A sealed batch on its way through a lane, so that it lands exactly once however often
 * it has to be sent: what of it is still to be stored, and what came of the rest. It goes
 * in one piece unless the server does not get through with it in time; then it is halved,
 * each piece a step of the lane of its own.
 */
public final class Delivery implements UnitOfWork {

	/** One may be bad luck. */
	private static final int MAX_TIMEOUTS = 2;

	private final Lane lane;

	private final DeadLetters deadLetters;

	private final Deque<List<Rows>> pieces = new ArrayDeque<>();

	private Outcome outcome = Outcome.NOTHING;

	/** What the transaction under way, or in doubt, comes to if it takes place. */
	private Outcome attempted = Outcome.NOTHING;

	/** How often the next piece has run out of time. */
	private int timeouts;

	/**
	 * Returns the delivery of a batch, which must be done before any other of its lane.
	 * @param rows the rows of each table
	 */
	public Delivery(Lane lane, List<Rows> rows, DeadLetters deadLetters) {
		this.lane = lane;
		this.deadLetters = deadLetters;
		this.pieces.push(rows);
	}

	/** Returns what has become of the batch until now. */
	public Outcome outcome() {
		return this.outcome;
	}

	@Override
	public boolean isDone() {
		return this.pieces.isEmpty();
	}

	@Override
	public @Nullable List<Rows> begin(RowLoader loader) throws SQLException {
		List<Rows> rows = this.pieces.element();
		return this.lane.advance(loader.connection(), loader.preamble(), Rows.count(rows)) ? rows : null;
	}

	@Override
	public void end(RowLoader loader, List<DeadLetter> refused) throws SQLException {
		this.deadLetters.add(loader.connection(), refused);
		this.attempted = new Outcome(Rows.count(this.pieces.element()) - refused.size(), refused.size());
		this.lane.committing();
	}

	@Override
	public void committed() {
		Outcome sum = this.outcome.plus(this.attempted);
		this.lane.committed();
		this.pieces.pop();
		this.outcome = sum;
		this.timeouts = 0;
	}

	/** While it is not known what became of the rows, they stay together. */
	@Override
	public boolean halve() {
		List<Rows> rows = this.pieces.element();
		int count = Rows.count(rows);
		if (++this.timeouts < MAX_TIMEOUTS || count < 2 || this.lane.isInDoubt()) {
			return false;
		}
		this.pieces.pop();
		this.pieces.push(Rows.slice(rows, count / 2, count));
		this.pieces.push(Rows.slice(rows, 0, count / 2));
		this.timeouts = 0;
		return true;
	}

	@Override
	public boolean endHolder(Session session) throws SQLException {
		return session.run(this.lane::terminateHolder);
	}

}
