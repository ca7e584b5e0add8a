package io.observatory.storage.sample.security;

import org.jspecify.annotations.Nullable;

/**
 * What a part of the application asks its clients for.
 */
public interface Credential {

	/** Returns the property that sets it. */
	String property();

	/** Returns the secret, or null if anybody may use that part. */
	@Nullable Secret secret();

}
