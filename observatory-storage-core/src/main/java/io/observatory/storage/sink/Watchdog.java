package io.observatory.storage.sink;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Aborts connections whose transaction is past its deadline. The driver's own socket
 * timeout does not bound a COPY that writes to a frozen server; only an abort from
 * another thread frees it.
 */
final class Watchdog {

	private final ScheduledExecutorService timer;

	private final Set<Connection> watched = ConcurrentHashMap.newKeySet();

	Watchdog(ScheduledExecutorService timer) {
		this.timer = timer;
	}

	/**
	 * Watches a connection until the returned guard is closed.
	 */
	Guard watch(Connection connection, Duration deadline) {
		this.watched.add(connection);
		ScheduledFuture<?> abort = this.timer.schedule(() -> abort(connection), deadline.toMillis(),
				TimeUnit.MILLISECONDS);
		return () -> {
			abort.cancel(false);
			this.watched.remove(connection);
		};
	}

	void abortAll() {
		this.watched.forEach(Watchdog::abort);
	}

	static void abort(Connection connection) {
		try {
			connection.abort(Runnable::run);
		}
		catch (SQLException ex) {
			// the connection is of no use either way: whoever waits for it gets an
			// exception
		}
	}

	interface Guard extends AutoCloseable {

		@Override
		void close();

	}

}
