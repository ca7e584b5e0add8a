package io.observatory.storage.session;

import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Bounds how many connections the writers that share it hold at once, so that they leave
 * the application's pool to the application. Thread-safe.
 */
public final class ConnectionLimit {

	private final Semaphore permits;

	private ConnectionLimit(int connections) {
		this.permits = new Semaphore(connections, true);
	}

	/**
	 * Returns a limit of so many connections, to be shared between writers.
	 */
	public static ConnectionLimit of(int connections) {
		if (connections < 1) {
			throw new IllegalArgumentException("A connection limit must be at least 1");
		}
		return new ConnectionLimit(connections);
	}

	/** Returns a limit that does not limit. */
	public static ConnectionLimit none() {
		return new ConnectionLimit(Integer.MAX_VALUE);
	}

	void acquire(Duration timeout) throws SQLTransientConnectionException {
		try {
			if (!this.permits.tryAcquire(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
				throw new SQLTransientConnectionException("No connection became free within the limit", "53300");
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new SQLTransientConnectionException("Interrupted while waiting for a connection");
		}
	}

	void release() {
		this.permits.release();
	}

}
