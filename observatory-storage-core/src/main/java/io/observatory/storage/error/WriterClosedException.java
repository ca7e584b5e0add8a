package io.observatory.storage.error;

/**
 * The writer has been closed: nothing of the call was taken.
 */
public class WriterClosedException extends StorageException {

	private static final long serialVersionUID = 1L;

	public WriterClosedException(String writer) {
		super("The writer '" + writer + "' is closed", false, null);
	}

}
