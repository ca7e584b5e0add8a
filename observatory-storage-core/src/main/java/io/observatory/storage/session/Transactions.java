package io.observatory.storage.session;

import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import javax.sql.DataSource;

import io.observatory.storage.session.Connections.Work;

/**
 * Transactions beside those of the writers: each on a connection of its own, never the
 * caller's, READ COMMITTED, and aborted at a deadline. Thread-safe.
 */
public final class Transactions {

	private static final Duration DEADLINE = Duration.ofSeconds(30);

	/** How long the deadlines' thread stays when there is none to watch. */
	private static final int IDLE_SECONDS = 10;

	/** Stands for no code of PostgreSQL's: classified as configuration. */
	private static final String UNEXPECTED = "OB000";

	/** Only ever SET LOCAL: the connection may be the application's. */
	private static final String SETTINGS = "SET TRANSACTION ISOLATION LEVEL READ COMMITTED; "
			+ "SET LOCAL client_min_messages = warning; SET LOCAL lock_timeout = 5000; SET LOCAL statement_timeout = "
			+ DEADLINE.toMillis() + "; SET LOCAL tcp_keepalives_idle = 10; SET LOCAL tcp_keepalives_interval = 5; "
			+ "SET LOCAL tcp_keepalives_count = 3; SET LOCAL tcp_user_timeout = 30000";

	private final Connections connections;

	public Transactions(DataSource dataSource) {
		ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1,
				(task) -> Untraced.daemon(task, "observatory-deadlines"));
		// so that nobody has to close this object
		timer.setRemoveOnCancelPolicy(true);
		timer.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
		timer.allowCoreThreadTimeOut(true);
		this.connections = new Connections(dataSource, ConnectionLimit.none(), DEADLINE, timer);
	}

	/**
	 * Does something, and commits it.
	 * @throws SQLException whatever went wrong; unless it was the COMMIT that got no
	 * answer, nothing was done
	 */
	public <T> T run(Work<T> work) throws SQLException {
		try {
			return this.connections.use((connection) -> {
				try (Statement statement = connection.createStatement()) {
					statement.execute(SETTINGS);
				}
				T result = work.run(connection);
				connection.commit();
				return result;
			});
		}
		catch (RuntimeException ex) {
			// of a pool that cannot connect, or Spring's translation
			throw sqlFailure(ex);
		}
	}

	private static SQLException sqlFailure(RuntimeException failure) {
		for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
			if (cause instanceof SQLException sql) {
				return sql;
			}
		}
		return new LocalFailure("unexpected " + failure.getClass().getName(), UNEXPECTED);
	}

}
