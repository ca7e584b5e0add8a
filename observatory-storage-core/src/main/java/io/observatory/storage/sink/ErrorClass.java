package io.observatory.storage.sink;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * What a failure asks for, by its SQLSTATE (PostgreSQL manual, appendix A). Spring's
 * translation is of no use here: it calls lost connections non-transient.
 */
enum ErrorClass {

	/** Keep the batch, back off, send it again. */
	TRANSIENT,

	/** As {@link #TRANSIENT}, on another connection: this server has become read-only. */
	READ_ONLY,

	/** Another process was quicker: send the sealed batch again. */
	LOST_RACE,

	/** A row is at fault: find it and put it aside. */
	POISON,

	/** There is no partition for a row's time: make the partitions and send again. */
	NO_PARTITION,

	/** The statement is at fault, not the data: never put data aside for it. */
	SHAPE,

	/** Nothing will go until somebody changes something: keep the data and probe. */
	CONFIGURATION;

	private static final Set<String> TRANSIENT_STATES = Set.of("08000", "08001", "08003", "08006", "08004", "08007",
			"40001", "40P01", "40003", "57P01", "57P02", "57P03", "57P05", "53000", "53100", "53200", "53300", "55P03",
			"55006", "57014", "25P02", "25P03", "25P04", "58000", "58030");

	private static final Set<String> POISON_STATES = Set.of("22021", "22P02", "22P05", "22003", "22008", "22001",
			"22007", "23502", "23514", "54000", "54001");

	private static final Set<String> SHAPE_STATES = Set.of("21000", "22023", "22P03", "22P04", "42P05", "26000");

	static ErrorClass of(SQLException failure) {
		String state = sqlState(failure);
		if (state == null) {
			return (failure instanceof SQLTransientConnectionException) ? TRANSIENT : CONFIGURATION;
		}
		if ("25006".equals(state)) {
			return READ_ONLY;
		}
		if ("23505".equals(state) || "23503".equals(state)) {
			return LOST_RACE;
		}
		if ("23514".equals(state) && ServerMessage.constraint(failure) == null) {
			return NO_PARTITION;
		}
		if (TRANSIENT_STATES.contains(state)) {
			return TRANSIENT;
		}
		if (POISON_STATES.contains(state)) {
			return POISON;
		}
		return SHAPE_STATES.contains(state) ? SHAPE : CONFIGURATION;
	}

	/** Returns the first SQLSTATE among the failure and its causes. */
	static @Nullable String sqlState(Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof SQLException sql && sql.getSQLState() != null) {
				return sql.getSQLState();
			}
		}
		return null;
	}

}
