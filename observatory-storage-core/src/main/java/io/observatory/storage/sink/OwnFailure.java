package io.observatory.storage.sink;

import java.sql.SQLException;

/**
 * A failure that this package found itself. Its message holds nothing but our own words.
 */
final class OwnFailure extends SQLException {

	private static final long serialVersionUID = 1L;

	OwnFailure(String message, String sqlState) {
		super(message, sqlState);
	}

}
