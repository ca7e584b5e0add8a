package io.observatory.storage.sink;

import java.sql.SQLException;

import io.observatory.storage.error.StorageException;

/**
 * A batch was not stored, or it is not known whether it was; it stays sealed and is to be
 * sent again.
 */
public final class SinkException extends StorageException {

	private static final long serialVersionUID = 1L;

	private final boolean configuration;

	SinkException(String message, ErrorClass errorClass, SQLException failure) {
		super(message, errorClass != ErrorClass.CONFIGURATION && errorClass != ErrorClass.NO_PARTITION,
				ErrorClass.sqlState(failure));
		this.configuration = !isRetryable();
	}

	SinkException(String message) {
		super(message, false, null);
		this.configuration = true;
	}

	/**
	 * Returns whether sending again is of no use until somebody changes something.
	 */
	public boolean isConfiguration() {
		return this.configuration;
	}

}
