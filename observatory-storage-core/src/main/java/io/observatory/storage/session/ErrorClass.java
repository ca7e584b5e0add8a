package io.observatory.storage.session;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What a failure asks for, by its SQLSTATE (PostgreSQL manual, appendix A). Each class of
 * states has an answer, and some states one of their own. Spring's translation is of no
 * use here: it calls lost connections non-transient.
 */
public enum ErrorClass {

	/** Keep the batch, back off, send it again. */
	TRANSIENT,

	/** As {@link #TRANSIENT}, on another connection: this server has become read-only. */
	READ_ONLY,

	/**
	 * As {@link #TRANSIENT}, on another connection: this one has not the prepared
	 * statements that the driver takes it to have.
	 */
	STALE_STATEMENT,

	/** Another process was quicker: send the sealed batch again. */
	LOST_RACE,

	/** A row is at fault: find it and put it aside. */
	POISON,

	/** There is no partition for a row's time: make the partitions and send again. */
	NO_PARTITION,

	/** The statement is at fault, not the data: never put data aside for it. */
	STATEMENT,

	/** Nothing will go until somebody changes something: keep the data and probe. */
	CONFIGURATION,

	/** Not to be expected of what we send: try again, then as {@link #CONFIGURATION}. */
	UNEXPECTED;

	/** Stands for no code of PostgreSQL's: what failed is not tried a second time. */
	public static final String SEND_AGAIN = "OB004";

	private static final Map<String, ErrorClass> STATES = new HashMap<>();

	/** By the first two characters of a state. */
	private static final Map<String, ErrorClass> CLASSES = new HashMap<>();

	static {
		// warnings, statements and transactions that we do not use, extensions, internal
		// errors
		put(CLASSES, UNEXPECTED, "00", "01", "02", "03", "07", "09", "0B", "0F", "0L", "0P", "0Z", "10", "20", "24",
				"25", "27", "2B", "2D", "2F", "34", "38", "39", "3B", "58", "72", "HV", "P0", "XX");
		// connections (08P01 is a pooler's word for a server that it cannot reach),
		// rollbacks by the server, its resources, its operator
		put(CLASSES, TRANSIENT, "08", "40", "53", "57");
		put(CLASSES, POISON, "22", "23", "44", "54");
		put(CLASSES, STATEMENT, "21");
		put(CLASSES, STALE_STATEMENT, "26");
		// features, passwords, databases, schemas, rights and names, states of objects,
		// the server's files, and our own: see Isolation
		put(CLASSES, CONFIGURATION, "0A", "28", "3D", "3F", "42", "55", "F0", "OB");

		put(STATES, READ_ONLY, "25006");
		put(STATES, TRANSIENT, "25P02", "25P03", "25P04", "55P03", "55006", "58000", "58030", "72000");
		put(STATES, LOST_RACE, "23505", "23503", "40002", SEND_AGAIN);
		put(STATES, STATEMENT, "22023", "22P03", "22P04", "54011", "54023");
		put(STATES, STALE_STATEMENT, "42P05");
		put(STATES, CONFIGURATION, "57P04");
		// a trigger of the user's refuses a row
		put(STATES, POISON, "P0001", "P0004");
	}

	public static ErrorClass of(SQLException failure) {
		String state = sqlState(failure);
		if (state == null) {
			return (failure instanceof SQLTransientConnectionException) ? TRANSIENT : CONFIGURATION;
		}
		if ("23514".equals(state) && ServerMessage.constraint(failure) == null) {
			return NO_PARTITION;
		}
		ErrorClass assigned = assigned(state);
		return (assigned != null) ? assigned : UNEXPECTED;
	}

	/** Returns what the tables say of a state. */
	static @Nullable ErrorClass assigned(String state) {
		ErrorClass assigned = STATES.get(state);
		return (assigned != null || state.length() < 2) ? assigned : CLASSES.get(state.substring(0, 2));
	}

	/**
	 * Returns whether sending the same again may succeed without anything being changed.
	 */
	boolean isRetryable() {
		return this == TRANSIENT || this == READ_ONLY || this == STALE_STATEMENT || this == LOST_RACE;
	}

	/** Returns whether the connection is of no further use though it works. */
	boolean evicts() {
		return this == READ_ONLY || this == STALE_STATEMENT;
	}

	/** Returns the first SQLSTATE among the failure and its causes. */
	public static @Nullable String sqlState(Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof SQLException sql && sql.getSQLState() != null) {
				return sql.getSQLState();
			}
		}
		return null;
	}

	private static void put(Map<String, ErrorClass> table, ErrorClass answer, String... keys) {
		for (String key : keys) {
			table.put(key, answer);
		}
	}

}
