package io.observatory.storage.sample.pages;

/**
 * A query parameter of a page is wrong. The message names it and says what it must be; it
 * never repeats the given value.
 */
public class InvalidParameterException extends RuntimeException {

	public InvalidParameterException(String message) {
		super(message);
	}

}
