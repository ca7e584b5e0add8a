package io.observatory.storage.sample.pages.writers;

/**
 * What came of an operation, in words, without content.
 *
 * @param text what came of it
 * @param failed whether it did not succeed, or not yet
 */
record OperationResult(String text, boolean failed) {

	static OperationResult done(String text) {
		return new OperationResult(text, false);
	}

	static OperationResult failed(String text) {
		return new OperationResult(text, true);
	}

}
