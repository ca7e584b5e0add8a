package io.observatory.storage.session;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Something to do with a connection.
 *
 * @param <T> what comes of it
 */
public interface Work<T> {

	T run(Connection connection) throws SQLException;

}
