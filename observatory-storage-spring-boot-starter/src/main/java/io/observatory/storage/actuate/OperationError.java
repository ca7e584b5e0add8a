package io.observatory.storage.actuate;

import io.observatory.storage.error.StorageException;
import org.jspecify.annotations.Nullable;

/**
 * Why an operation did not succeed.
 *
 * @param message What is wrong, without the content of a record.
 * @param sqlState The server's SQLSTATE, or null.
 * @param retryable Whether the same operation may succeed later without a change.
 */
public record OperationError(@Nullable String message, @Nullable String sqlState, boolean retryable) {

	static OperationError of(Throwable failure) {
		if (failure instanceof StorageException ex) {
			return new OperationError(ex.getMessage(), ex.sqlState(), ex.isRetryable());
		}
		return new OperationError(failure.getClass().getSimpleName(), null, false);
	}

}
