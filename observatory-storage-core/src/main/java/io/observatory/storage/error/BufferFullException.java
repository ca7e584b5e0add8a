package io.observatory.storage.error;

/**
 * A writer's buffer was at its bound and did not become free in time: nothing of the call
 * was taken. Retryable.
 */
public class BufferFullException extends StorageException {

	private static final long serialVersionUID = 1L;

	public BufferFullException(String message) {
		super(message, true, null);
	}

}
