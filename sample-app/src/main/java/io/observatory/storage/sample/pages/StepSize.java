package io.observatory.storage.sample.pages;

import java.time.Duration;

/**
 * How many rows a search looks through at a time: few at first, and more while that is
 * quick. However dense the rows are and whatever else the database does, the answer comes
 * soon after the time for it is over. For one thread.
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
	 * How many rows the next step may look through; 0 when the time is over. There is
	 * always a first step: who asks again and again gets on.
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
