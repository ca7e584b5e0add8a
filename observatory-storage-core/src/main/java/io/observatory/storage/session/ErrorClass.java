package io.observatory.storage.session;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What a failure asks for, by its SQLSTATE (PostgreSQL manual, appendix A). Each class of
 * states has an answer, and some states one of their own. Spring's translation is of no
 * use here: it calls lost connections non-transient.
 * <p>
 * The constants are the table of what is done about a batch: whether, in the end, it is
 * sent again by itself, and before that what is done at once about the first failure of
 * the class, the second, and so on.
 */
public enum ErrorClass {

	/** The server or the way to it is disturbed. */
	TRANSIENT(Then.BACK_OFF),

	/** A lock was not free in time. */
	LOCK_TIMEOUT(Then.BACK_OFF, Remedy.END_HOLDER),

	/** The server did not get through with it in time, or was told to stop. */
	TIMEOUT(Then.BACK_OFF, Remedy.HALVE),

	/** This server has become read-only: a failover; on another connection. */
	READ_ONLY(Then.BACK_OFF),

	/**
	 * This connection has not the prepared statements that the driver takes it to have:
	 * on another one.
	 */
	STALE_STATEMENT(Then.BACK_OFF, Remedy.SEND_AGAIN, Remedy.SEND_AGAIN),

	/** Another process was quicker with the same keys. */
	LOST_RACE(Then.BACK_OFF, Remedy.SEND_AGAIN, Remedy.SEND_AGAIN, Remedy.ISOLATE),

	/** A row is at fault. */
	POISON(Then.STOP, Remedy.ISOLATE),

	/** There is no partition for a row's time. */
	NO_PARTITION(Then.STOP, Remedy.MAKE_PARTITIONS, Remedy.ISOLATE),

	/** The statement is at fault, not the data: no row is put aside for it. */
	STATEMENT(Then.STOP, Remedy.ISOLATE),

	/** Nothing will go until somebody changes something. */
	CONFIGURATION(Then.STOP, Remedy.INSERT),

	/**
	 * Not to be expected of what we send. A distributed server says so of any COPY that
	 * one of its nodes refuses (Citus), and nothing about the cause.
	 */
	UNEXPECTED(Then.STOP, Remedy.INSERT_ONCE, Remedy.SEND_AGAIN);

	/** What is done at once about a failure. */
	public enum Remedy {

		/** Send the same again; the lane makes that safe. */
		SEND_AGAIN,

		/** End the session that still holds the batch's lane, if there is one. */
		END_HOLDER,

		/** Send the halves one by one, when it is the second time-out in a row. */
		HALVE,

		/** Divide the batch until the rows at fault are alone, and put these aside. */
		ISOLATE,

		/** Make the partitions that are missing. */
		MAKE_PARTITIONS,

		/** Use INSERT instead of COPY, if it is COPY that cannot go. */
		INSERT,

		/** Send this by INSERT, whose failure may say more than that of a COPY. */
		INSERT_ONCE

	}

	/** What is done when no remedy is left. */
	private enum Then {

		/** Keep the batch, send it again after a back-off: the retry cycle. */
		BACK_OFF,

		/** Keep the batch, say that the writer is stopped, and only probe. */
		STOP

	}

	/** Stands for no code of PostgreSQL's: the same will be sent in another way. */
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
		put(STATES, LOCK_TIMEOUT, "55P03");
		put(STATES, TIMEOUT, "57014");
		put(STATES, TRANSIENT, "25P02", "25P03", "25P04", "55006", "58000", "58030", "72000");
		put(STATES, LOST_RACE, "23505", "23503", "40002", SEND_AGAIN);
		put(STATES, STATEMENT, "22023", "22P03", "22P04", "54011", "54023");
		put(STATES, STALE_STATEMENT, "42P05");
		put(STATES, CONFIGURATION, "57P04");
		// a trigger of the user's refuses a row
		put(STATES, POISON, "P0001", "P0004");
	}

	private final Then then;

	private final List<Remedy> remedies;

	ErrorClass(Then then, Remedy... remedies) {
		this.then = then;
		this.remedies = List.of(remedies);
	}

	/**
	 * Returns what is done at once about the first, second, … failure of this class, or
	 * null when nothing is left to be done at once.
	 */
	public @Nullable Remedy remedy(int failure) {
		return (failure <= this.remedies.size()) ? this.remedies.get(failure - 1) : null;
	}

	/** Returns whether a single row may be the cause, so that it is looked for. */
	public boolean isolates() {
		return this.remedies.contains(Remedy.ISOLATE);
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
	public boolean isRetryable() {
		return this.then == Then.BACK_OFF;
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
