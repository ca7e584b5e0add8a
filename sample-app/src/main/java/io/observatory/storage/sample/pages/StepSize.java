package io.observatory.storage.sample.pages;

import java.time.Duration;

/**
 * How many rows a search reads in one step: few at first, and more as long as that is
 * quick. So the answer comes soon after its time is over, however dense the rows are and
 * however busy the database is. Not thread-safe.
 */
public final class StepSize {

	private static final int FEWEST = 500;

	private static final int MOST = 16_000;

	private static final Duration QUICK = Duration.ofMillis(20);

	private final long end;

	private long stepBegun;

	private int rows;

	/**
	 * Begins now.
	 * @param budget after which no further step is begun
	 */
	public StepSize(Duration budget) {
		this.end = System.nanoTime() + budget.toNanos();
	}

	/**
	 * Returns how many rows the next step may read, or 0 when the time is over. There is
	 * always a first step, so repeated requests make progress.
	 */
	public int next() {
		long now = System.nanoTime();
		if (this.rows > 0 && now - this.end > 0) {
			return 0;
		}
		if (this.rows == 0) {
			this.rows = FEWEST;
		}
		else {
			boolean quick = now - this.stepBegun < QUICK.toNanos();
			this.rows = quick ? Math.min(this.rows * 2, MOST) : Math.max(this.rows / 2, FEWEST);
		}
		this.stepBegun = now;
		return this.rows;
	}

}
