package io.observatory.storage.error;

/**
 * The writer is closed. No record of the call was accepted.
 */
public class WriterClosedException extends StorageException {

	private static final long serialVersionUID = 1L;

	public WriterClosedException(String writer) {
		super("The writer '" + writer + "' is closed", false, null);
	}

}
