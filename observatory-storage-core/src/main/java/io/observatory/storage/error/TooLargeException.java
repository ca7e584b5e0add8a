package io.observatory.storage.error;

/**
 * The records of one call are larger than the whole buffer: none was accepted, and trying
 * again does not help. Write fewer records in one call, or raise the bounds of the
 * buffer.
 */
public class TooLargeException extends StorageException {

	private static final long serialVersionUID = 1L;

	public TooLargeException(String message) {
		super(message, false, null);
	}

}
