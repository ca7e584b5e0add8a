package io.observatory.storage.sample.otlp;

/**
 * JSON that cannot be read as OTLP. The problem shows no content.
 */
final class BadJsonException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final String problem;

	BadJsonException(String problem) {
		// no stack trace: a sender can make many of these
		super(problem, null, false, false);
		this.problem = problem;
	}

	String problem() {
		return this.problem;
	}

}
