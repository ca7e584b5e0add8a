package io.observatory.storage.sample.startup;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

import org.jspecify.annotations.Nullable;

/**
 * A port on which the application will listen. All beans of this type are checked before
 * the database is started, because the servers would notice only at the end that another
 * program uses their port.
 *
 * @param property the property that sets it
 * @param address the address to listen at, null for all
 * @param port the port, 0 for any that is free, negative for none
 */
public record ListenPort(String property, @Nullable InetAddress address, int port) {

	/**
	 * Checks that the port is free now.
	 * @throws StartException when another program uses it
	 */
	public void requireFree() {
		if (this.port <= 0) {
			return;
		}
		try {
			new ServerSocket(this.port, 1, this.address).close();
		}
		catch (IOException ex) {
			throw new StartException("Port " + this.port + " cannot be listened on: " + ex.getMessage(),
					"End the program that uses it, or set " + this.property + " to another port.", ex);
		}
	}

}
