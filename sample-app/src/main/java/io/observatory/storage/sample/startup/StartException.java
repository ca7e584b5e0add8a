package io.observatory.storage.sample.startup;

import org.jspecify.annotations.Nullable;

/**
 * The application cannot start. Says what to do about it.
 */
public final class StartException extends RuntimeException {

	private final String action;

	public StartException(String problem, String action, @Nullable Throwable cause) {
		super(problem, cause);
		this.action = action;
	}

	/** Returns what to do about it. */
	public String action() {
		return this.action;
	}

}
