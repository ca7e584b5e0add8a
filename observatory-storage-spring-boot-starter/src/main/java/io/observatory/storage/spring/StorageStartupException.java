package io.observatory.storage.spring;

import org.jspecify.annotations.Nullable;

/**
 * The application cannot start because of the configuration of the storage. Says what to
 * do about it.
 */
public class StorageStartupException extends RuntimeException {

	private final String action;

	public StorageStartupException(String description, String action, @Nullable Throwable cause) {
		super(description, cause);
		this.action = action;
	}

	/**
	 * What the user can do.
	 */
	public String action() {
		return this.action;
	}

}
