package io.observatory.storage.sample.mapping;

/**
 * A record that OTLP does not allow. The message names the field and never shows its
 * content.
 */
final class BadRecordException extends RuntimeException {

	BadRecordException(String field, String problem) {
		// no stack trace: a sender can make many of these
		super(field + ": " + problem, null, false, false);
	}

	@Override
	public String getMessage() {
		return String.valueOf(super.getMessage());
	}

}
