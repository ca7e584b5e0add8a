package io.observatory.storage.error;

/**
 * A writer's buffer was full and did not become free in time. No record of the call was
 * accepted. Retryable.
 */
public class BufferFullException extends StorageException {

	private static final long serialVersionUID = 1L;

	public BufferFullException(String message) {
		super(message, true, null);
	}

}
