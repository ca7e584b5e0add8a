package io.observatory.storage.sample.pages.writers;

/**
 * The result of an operation, in words, without the content of records.
 *
 * @param text the result
 * @param failed whether it has failed, or not succeeded yet
 */
record OperationResult(String text, boolean failed) {

	static OperationResult done(String text) {
		return new OperationResult(text, false);
	}

	static OperationResult failed(String text) {
		return new OperationResult(text, true);
	}

}
