package io.observatory.storage.sending;

import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

import io.observatory.storage.row.Rows;
import io.observatory.storage.row.SealedRows;
import io.observatory.storage.sending.Lane.Answer;
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

	private final SealedRows rows;

	private final DeadLetters deadLetters;

	private final Deque<Piece> pieces = new ArrayDeque<>();

	/** How many rows the transaction under way has. */
	private int sent;

	private Outcome outcome = Outcome.NOTHING;

	/** What the transaction under way, or in doubt, comes to if it takes place. */
	private Outcome attempted = Outcome.NOTHING;

	/** How often the next piece has run out of time. */
	private int timeouts;

	private boolean elsewhere;

	/**
	 * Returns the delivery of a batch, which must be done before any other of its lane.
	 */
	public Delivery(Lane lane, SealedRows rows, DeadLetters deadLetters) {
		this.lane = lane;
		this.rows = rows;
		this.deadLetters = deadLetters;
		this.pieces.push(new Piece(rows.from(), rows.to()));
	}

	/** Returns what has become of the batch until now. */
	public Outcome outcome() {
		return this.outcome;
	}

	/**
	 * Returns whether the lane was found to be elsewhere: what is left of the batch is
	 * not to be sent, and the rows that come next are those of {@link Lane#rows}.
	 */
	public boolean isElsewhere() {
		return this.elsewhere;
	}

	/** Returns the lane. */
	public Lane lane() {
		return this.lane;
	}

	@Override
	public boolean isDone() {
		return this.pieces.isEmpty();
	}

	@Override
	public @Nullable List<Rows> begin(RowLoader loader) throws SQLException {
		Piece piece = this.pieces.element();
		Answer answer = this.lane.advance(loader.connection(), loader.preamble(), piece.from(), piece.to());
		this.elsewhere = answer == Answer.ELSEWHERE;
		if (answer != Answer.SEND) {
			return null;
		}
		List<Rows> tables = this.rows.tables(piece.from(), piece.to());
		this.sent = Rows.count(tables);
		return tables;
	}

	@Override
	public void end(RowLoader loader, List<DeadLetter> refused) throws SQLException {
		this.deadLetters.add(loader.connection(), refused);
		this.attempted = new Outcome(this.sent - refused.size(), refused.size());
		this.lane.committing();
	}

	@Override
	public void committed() {
		if (this.elsewhere) {
			this.pieces.clear();
			return;
		}
		Outcome sum = this.outcome.plus(this.attempted);
		this.lane.committed();
		this.pieces.pop();
		this.outcome = sum;
		this.timeouts = 0;
	}

	/** While it is not known what became of the rows, they stay together. */
	@Override
	public boolean halve() {
		Piece piece = this.pieces.element();
		if (++this.timeouts < MAX_TIMEOUTS || piece.count() < 2 || this.lane.isInDoubt()) {
			return false;
		}
		long middle = piece.from() + piece.count() / 2;
		this.pieces.pop();
		this.pieces.push(new Piece(middle, piece.to()));
		this.pieces.push(new Piece(piece.from(), middle));
		this.timeouts = 0;
		return true;
	}

	@Override
	public boolean endHolder(Session session) throws SQLException {
		return session.run(this.lane::terminateHolder);
	}

	/**
	 * Some of the rows that the batch covers, by their numbers.
	 */
	private record Piece(long from, long to) {

		long count() {
			return this.to - this.from;
		}

	}

}
