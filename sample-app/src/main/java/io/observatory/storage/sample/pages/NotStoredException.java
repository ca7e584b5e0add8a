package io.observatory.storage.sample.pages;

/**
 * The record of a page is not stored. The message says which kind of record, without
 * repeating the link.
 */
public class NotStoredException extends RuntimeException {

	public NotStoredException(String message) {
		super(message);
	}

}
