package io.observatory.storage.sample.startup;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.stream.Collectors;

import io.observatory.storage.sample.security.Credential;
import org.jspecify.annotations.Nullable;

/**
 * Checks that nothing is served beyond this machine without a credential.
 */
public final class NetworkAccess {

	private NetworkAccess() {
	}

	/**
	 * Checks an address before anything listens on it.
	 * @param property the property that sets the address
	 * @param address the address, null for all of this machine
	 * @param needed the credentials of what is served there
	 * @throws StartException when the address is not loopback and a credential is missing
	 */
	public static void check(String property, @Nullable InetAddress address, Credential... needed) {
		if (address != null && address.isLoopbackAddress()) {
			return;
		}
		String missing = Arrays.stream(needed)
			.filter((credential) -> credential.secret() == null)
			.map(Credential::property)
			.collect(Collectors.joining(" and "));
		if (!missing.isEmpty()) {
			throw new StartException(
					"Anybody in the network could use this application: %s is %s, without %s.".formatted(property,
							(address != null) ? address.getHostAddress() : "not set, which means all", missing),
					"Set %s, or %s to 127.0.0.1.".formatted(missing, property), null);
		}
	}

}
