package io.observatory.storage.sample.pages;

/**
 * What a page is about is not stored. The message says what, without repeating the link.
 */
public class NotStoredException extends RuntimeException {

	public NotStoredException(String message) {
		super(message);
	}

}
