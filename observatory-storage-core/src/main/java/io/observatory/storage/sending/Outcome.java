package io.observatory.storage.sending;

/**
 * What became of a batch.
 *
 * @param stored how many rows were stored, rows merged into another included
 * @param deadLettered how many rows were put into {@code dead_letters} instead
 */
public record Outcome(long stored, long deadLettered) {

	static final Outcome NOTHING = new Outcome(0, 0);

	Outcome plus(Outcome other) {
		return new Outcome(this.stored + other.stored, this.deadLettered + other.deadLettered);
	}

}
