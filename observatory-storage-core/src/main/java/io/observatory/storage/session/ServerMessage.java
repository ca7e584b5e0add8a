package io.observatory.storage.session;

import java.sql.SQLException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * What may be read from a server's error message. Its text and detail may show a row's
 * content and are used for nothing that leaves this package.
 */
public final class ServerMessage {

	/**
	 * "COPY logs, line 17, column body", in whatever language; below what a trigger says,
	 * if it was one that failed.
	 */
	private static final Pattern COPY_LINE = Pattern.compile("^COPY [^,\n]*, [^\\d\n]*(\\d{1,9})(?!\\d)",
			Pattern.MULTILINE);

	private static final String UNREACHABLE = "the database cannot be reached or could not do it now";

	private ServerMessage() {
	}

	public static @Nullable String constraint(SQLException failure) {
		ServerErrorMessage message = of(failure);
		return (message != null) ? message.getConstraint() : null;
	}

	/**
	 * Returns the line that COPY stumbled over, from 1, or 0 when it does not tell.
	 */
	public static int copyLine(SQLException failure) {
		ServerErrorMessage message = of(failure);
		String where = (message != null) ? message.getWhere() : null;
		Matcher matcher = COPY_LINE.matcher((where != null) ? where : "");
		return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
	}

	/**
	 * Returns a description without content. The server's own words are shown only for
	 * failures that no row causes, such as a missing table or a wrong password.
	 */
	public static String describe(SQLException failure, ErrorClass errorClass) {
		String state = ErrorClass.sqlState(failure);
		if (failure instanceof LocalFailure) {
			return failure.getMessage() + " (SQLSTATE " + state + ")";
		}
		ServerErrorMessage message = of(failure);
		if (message != null && message.getWhere() == null && state != null && isHarmless(state)) {
			return message.getMessage() + " (SQLSTATE " + state + ")";
		}
		return switch (errorClass) {
			case TRANSIENT, TIMEOUT ->
				(state != null) ? UNREACHABLE + " (SQLSTATE " + state + ")" : "no connection became available in time";
			case LOCK_TIMEOUT ->
				"a lock was not free in time: a long query or transaction has it (SQLSTATE " + state + ")";
			case READ_ONLY -> "the database is read-only (SQLSTATE " + state + ")";
			case LOST_RACE -> "another process wrote the same keys (SQLSTATE " + state + ")";
			case POISON -> "PostgreSQL refused a row (SQLSTATE " + state + ")";
			case NO_PARTITION -> "there is no partition for a row's time, and none could be made";
			case STALE_STATEMENT -> "a prepared statement is not there (SQLSTATE " + state
					+ "); behind a connection pooler in transaction mode set prepareThreshold=0";
			case UNEXPECTED -> "the database failed (SQLSTATE " + state + "); see the server's log";
			case STATEMENT -> "PostgreSQL refused the statement (SQLSTATE " + state + ")";
			case CONFIGURATION -> "the database refused (SQLSTATE " + state
					+ "); check the data source's URL, user, password and rights, and that the schema was migrated";
		};
	}

	/**
	 * Connections (08), passwords (28), databases (3D), rights and names (42) and a
	 * server that goes down (57): none of these messages quotes a value, if it is the
	 * server's. A trigger may raise any state with any words, and then there is a
	 * context.
	 */
	private static boolean isHarmless(String state) {
		return state.startsWith("08") || state.startsWith("28") || state.startsWith("3D") || state.startsWith("42")
				|| state.startsWith("57") || state.equals("25006");
	}

	private static @Nullable ServerErrorMessage of(SQLException failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof PSQLException postgres && postgres.getServerErrorMessage() != null) {
				return postgres.getServerErrorMessage();
			}
		}
		return null;
	}

}
