package io.observatory.storage.error;

/**
 * The records of one call are larger than the whole buffer: nothing of the call was
 * taken, and it never can be. Send fewer at a time, or raise the buffer's bounds.
 */
public class TooLargeException extends StorageException {

	private static final long serialVersionUID = 1L;

	public TooLargeException(String message) {
		super(message, false, null);
	}

}
