package io.observatory.storage.session;

import java.sql.SQLException;

import io.observatory.storage.error.StorageException;

/**
 * A batch was not stored, or it is not known whether it was; it stays sealed and is to be
 * sent again. Also: another call to the database failed.
 */
public final class SinkException extends StorageException {

	private static final long serialVersionUID = 1L;

	public SinkException(String message, ErrorClass errorClass, SQLException failure) {
		super(message, errorClass.isRetryable(), ErrorClass.sqlState(failure));
	}

	public SinkException(String message) {
		super(message, false, null);
	}

	/**
	 * Returns the exception for a call beside the batches, such as to a function.
	 */
	public static SinkException failed(String call, SQLException failure) {
		ErrorClass errorClass = ErrorClass.of(failure);
		return new SinkException(call + " failed: " + ServerMessage.describe(failure, errorClass), errorClass, failure);
	}

}
