package io.observatory.storage.session;

import java.sql.SQLException;

import io.observatory.storage.error.StorageException;

/**
 * A transaction failed, or it is not known whether it did. Retryable when the same may
 * succeed later without anything being changed.
 */
public final class DatabaseException extends StorageException {

	private static final long serialVersionUID = 1L;

	DatabaseException(String what, ErrorClass errorClass, SQLException failure) {
		super(what + ": " + ServerMessage.describe(failure, errorClass), errorClass.isRetryable(),
				ErrorClass.sqlState(failure));
	}

}
