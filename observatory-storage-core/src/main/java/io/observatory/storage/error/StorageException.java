package io.observatory.storage.error;

import org.jspecify.annotations.Nullable;

/**
 * Something could not be stored. The message says what is wrong and what to do, and never
 * shows a record's content, an SQL parameter or a password; for the same reason the
 * driver's exception is not its cause.
 */
public class StorageException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final boolean retryable;

	private final @Nullable String sqlState;

	public StorageException(String message, boolean retryable, @Nullable String sqlState) {
		super(message);
		this.retryable = retryable;
		this.sqlState = sqlState;
	}

	/** Returns whether the same call may succeed later without anything being changed. */
	public boolean isRetryable() {
		return this.retryable;
	}

	/**
	 * Returns PostgreSQL's error code (manual, appendix A), or null when the failure did
	 * not come from the server.
	 */
	public @Nullable String sqlState() {
		return this.sqlState;
	}

}
