package io.observatory.storage.spring;

import java.net.ConnectException;
import java.net.UnknownHostException;
import java.sql.SQLException;

import io.observatory.storage.error.StorageException;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * The reason of a failure, in a form that is safe to show. The message of a driver's
 * exception may quote SQL, a row, or a URL with its password. So only the server's
 * primary message and the SQLSTATE are taken from it.
 */
final class FailureReason {

	private FailureReason() {
	}

	static String of(Throwable failure) {
		if (failure instanceof StorageException) {
			return String.valueOf(failure.getMessage());
		}
		SQLException sqlFailure = deepestSqlException(failure);
		if (sqlFailure != null) {
			return of(sqlFailure);
		}
		return (failure instanceof FlywayException) ? String.valueOf(failure.getMessage())
				: failure.getClass().getSimpleName();
	}

	private static String of(SQLException failure) {
		if (failure instanceof PSQLException ex && ex.getServerErrorMessage() != null) {
			ServerErrorMessage message = ex.getServerErrorMessage();
			return message.getMessage() + " (SQLSTATE " + message.getSQLState() + ")";
		}
		String sqlState = failure.getSQLState();
		if (sqlState == null || sqlState.startsWith("08")) {
			return "no connection to the database" + detail(failure)
					+ ((sqlState != null) ? " (SQLSTATE " + sqlState + ")" : "");
		}
		return "SQLSTATE " + sqlState;
	}

	private static String detail(SQLException failure) {
		Throwable cause = failure.getCause();
		if (cause instanceof ConnectException) {
			return ": nothing listens at its host and port";
		}
		return (cause instanceof UnknownHostException) ? ": its host is not known" : "";
	}

	private static @Nullable SQLException deepestSqlException(Throwable failure) {
		SQLException found = null;
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof SQLException ex) {
				found = ex;
			}
		}
		return found;
	}

}
