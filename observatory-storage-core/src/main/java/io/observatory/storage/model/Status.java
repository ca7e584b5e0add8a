package io.observatory.storage.model;

/**
 * How a span or a trace ended. A {@link Trace} whose status is {@link #UNSET} takes it
 * from its spans.
 */
public enum Status {

	UNSET("unset"), OK("ok"), ERROR("error");

	private final String text;

	Status(String text) {
		this.text = text;
	}

	/** Returns the text stored in the {@code status} columns. */
	public String text() {
		return this.text;
	}

}
