package io.observatory.storage.sink;

import java.sql.SQLException;

import io.observatory.storage.error.StorageException;

/**
 * A batch was not stored, or it is not known whether it was; it stays sealed and is to be
 * sent again.
 */
public final class SinkException extends StorageException {

	private static final long serialVersionUID = 1L;

	SinkException(String message, ErrorClass errorClass, SQLException failure) {
		super(message, errorClass.isRetryable(), ErrorClass.sqlState(failure));
	}

	SinkException(String message) {
		super(message, false, null);
	}

}
