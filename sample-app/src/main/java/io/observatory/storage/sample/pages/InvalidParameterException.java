package io.observatory.storage.sample.pages;

/**
 * A query parameter of a page is wrong. The message says which and what it must be; it
 * never repeats what was given.
 */
public class InvalidParameterException extends RuntimeException {

	public InvalidParameterException(String message) {
		super(message);
	}

}
