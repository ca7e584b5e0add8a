package io.observatory.storage.sample.postgres;

import org.jspecify.annotations.Nullable;

/**
 * The embedded PostgreSQL cannot be started. Says what to do about it.
 */
final class PostgresStartException extends RuntimeException {

	private final String action;

	PostgresStartException(String problem, String action, @Nullable Throwable cause) {
		super(problem, cause);
		this.action = action;
	}

	String action() {
		return this.action;
	}

}
