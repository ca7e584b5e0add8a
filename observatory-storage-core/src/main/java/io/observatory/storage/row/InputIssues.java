package io.observatory.storage.row;

import io.observatory.storage.error.InvalidRecordException;
import io.observatory.storage.row.InputPolicy.Action;

/**
 * What is found about a record while it is encoded, and what its policy does about it.
 */
final class InputIssues {

	private final InputPolicy policy;

	private String recordType = "";

	private String field = "";

	private int replaced;

	private int truncated;

	InputIssues(InputPolicy policy) {
		this.policy = policy;
	}

	InputPolicy policy() {
		return this.policy;
	}

	void reset() {
		reset(0, 0);
	}

	/** Goes back to earlier counts: what they counted is encoded once more. */
	void reset(int replaced, int truncated) {
		this.replaced = replaced;
		this.truncated = truncated;
	}

	void record(String recordType) {
		this.recordType = recordType;
	}

	/** Says which field the following is about. */
	void field(String field) {
		this.field = field;
	}

	int replaced() {
		return this.replaced;
	}

	int truncated() {
		return this.truncated;
	}

	/** Returns the text without what cannot be stored, or refuses it. */
	String storable(String text) {
		if (Text.isStorable(text)) {
			return text;
		}
		replaced("holds NUL or a lone surrogate, which PostgreSQL cannot store", this.policy.characters());
		return Text.storable(text);
	}

	/** A number that JSON in PostgreSQL cannot hold becomes a string. */
	void nonFinite() {
		replaced("holds NaN, an infinity or a number too large for JSON in PostgreSQL", this.policy.nonFinite());
	}

	/** Something is cut. */
	void cut(String problem) {
		if (this.policy.oversized() == Action.REJECT) {
			throw refused(problem);
		}
		this.truncated++;
	}

	/** Returns the exception that refuses the record for the present field. */
	InvalidRecordException refused(String problem) {
		return refused(this.field, problem);
	}

	InvalidRecordException refused(String field, String problem) {
		return new InvalidRecordException(this.recordType, field, problem);
	}

	private void replaced(String problem, Action action) {
		if (action == Action.REJECT) {
			throw refused(problem);
		}
		this.replaced++;
	}

}
