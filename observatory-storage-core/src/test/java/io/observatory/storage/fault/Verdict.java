package io.observatory.storage.fault;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What became of the records of a scenario.
 *
 * @param accepted how many were accepted
 * @param stored how many of these the tables hold
 * @param deadLettered how many of these were put aside
 * @param dropped how many of these the writers say they dropped
 * @param lost how many of these are nowhere
 * @param duplicated how many rows are there once more than they should
 * @param unexpected how many rows are there that nobody accepted
 */
record Verdict(long accepted, long stored, long deadLettered, long dropped, long lost, long duplicated,
		long unexpected) {

	/** Returns the sum of two verdicts, each about records of its own. */
	Verdict plus(Verdict other) {
		return new Verdict(this.accepted + other.accepted, this.stored + other.stored,
				this.deadLettered + other.deadLettered, this.dropped + other.dropped, this.lost + other.lost,
				this.duplicated + other.duplicated, this.unexpected + other.unexpected);
	}

	/** Returns whether the promise was kept. */
	boolean isKept() {
		return this.lost == 0 && this.duplicated == 0 && this.unexpected == 0;
	}

	/** Asserts that the promise was kept, and that nothing was given up for it. */
	void assertAllStored() {
		assertThat(isKept()).as("nothing lost, nothing twice: %s", this).isTrue();
		assertThat(this.stored).as("all stored: %s", this).isEqualTo(this.accepted);
		assertThat(this.accepted).as("the scenario wrote something").isPositive();
	}

	/** Asserts that the promise was kept; what was dropped is accounted for. */
	void assertAccounted() {
		assertThat(isKept()).as("nothing lost, nothing twice: %s", this).isTrue();
		assertThat(this.accepted).as("the scenario wrote something").isPositive();
	}

}
