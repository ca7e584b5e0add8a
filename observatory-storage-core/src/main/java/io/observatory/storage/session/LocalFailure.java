package io.observatory.storage.session;

import java.sql.SQLException;

/**
 * A failure that this package found itself. Its message holds nothing but our own words.
 */
public final class LocalFailure extends SQLException {

	private static final long serialVersionUID = 1L;

	public LocalFailure(String message, String sqlState) {
		super(message, sqlState);
	}

}
