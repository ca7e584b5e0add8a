package io.observatory.storage.sample.mapping;

/**
 * A record that cannot be stored. The message names the field and shows nothing of its
 * content.
 */
public final class BadRecordException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	public BadRecordException(String field, String problem) {
		// no stack trace: a sender can make many of these
		super(field + ": " + problem, null, false, false);
	}

	@Override
	public String getMessage() {
		return String.valueOf(super.getMessage());
	}

}
