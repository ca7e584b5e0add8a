package io.observatory.storage.session;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

import javax.sql.DataSource;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connections, each for one piece of work: within the limit of connections, without
 * auto-commit, and aborted at the deadline. What the work has not committed is rolled
 * back, and the connection goes back as it was. Thread-safe.
 */
final class Connections {

	private static final Logger logger = LoggerFactory.getLogger(Connections.class);

	private static final String TIMEOUT = "57014";

	/** Stands for no code of PostgreSQL's: classified as configuration. */
	private static final String UNEXPECTED = "OB000";

	private final Connector connector;

	private final ConnectionLimit limit;

	private final Duration deadline;

	private final Watchdog watchdog;

	private volatile boolean proven;

	Connections(String name, DataSource dataSource, ConnectionLimit limit, Duration deadline) {
		this.connector = new Connector(name, dataSource);
		this.limit = limit;
		this.deadline = deadline;
		this.watchdog = new Watchdog(name);
	}

	/** Returns whether there was ever a connection. */
	boolean isProven() {
		return this.proven;
	}

	/** Aborts all connections that are in use. */
	void abort() {
		this.watchdog.abortAll();
	}

	/**
	 * Does a piece of work.
	 * @throws SQLException what the work throws; that the deadline has passed is told as
	 * a time-out (57014)
	 */
	<T> T use(Work<T> work) throws SQLException {
		long begun = System.nanoTime();
		this.limit.acquire(this.deadline);
		try {
			Connection connection = open(this.deadline.minusNanos(System.nanoTime() - begun));
			try {
				return inTime(connection, work);
			}
			finally {
				close(connection);
			}
		}
		finally {
			this.limit.release();
		}
	}

	private <T> T inTime(Connection connection, Work<T> work) throws SQLException {
		try (Watchdog.Guard guard = this.watchdog.watch(connection, this.deadline)) {
			try {
				return inTransaction(connection, work);
			}
			catch (SQLException ex) {
				throw guard.isOver() ? new LocalFailure("the server did not answer in time", TIMEOUT) : ex;
			}
		}
	}

	private static <T> T inTransaction(Connection connection, Work<T> work) throws SQLException {
		boolean autoCommit = connection.getAutoCommit();
		connection.setAutoCommit(false);
		boolean clean = false;
		try {
			T result = work.run(connection);
			clean = true;
			return result;
		}
		catch (SQLException ex) {
			if (ErrorClass.of(ex).evicts()) {
				evict(connection);
			}
			throw ex;
		}
		finally {
			leave(connection, autoCommit, clean);
		}
	}

	/**
	 * The connection works, so nothing hangs, and it must be gone before it could go back
	 * to its pool.
	 */
	private static void evict(Connection connection) {
		try {
			connection.abort(Runnable::run);
		}
		catch (SQLException | RuntimeException ex) {
			logger.debug("A connection could not be aborted: {}", ex.getClass().getName());
		}
	}

	/**
	 * Leaves the connection as it was. Whatever happens here, the outcome is known by now
	 * and must not be hidden; and a connection must not be set to auto-commit while it
	 * has something to commit.
	 */
	private static void leave(Connection connection, boolean autoCommit, boolean clean) {
		try {
			connection.rollback();
			connection.setAutoCommit(autoCommit);
		}
		catch (SQLException | RuntimeException ex) {
			if (clean) {
				logger.debug("A connection could not be left as it was: {}", ex.getClass().getName());
			}
			Watchdog.abort(connection, () -> {
			});
		}
	}

	static void close(Connection connection) {
		try {
			connection.close();
		}
		catch (SQLException | RuntimeException ex) {
			logger.debug("A connection could not be closed: {}", ex.getClass().getName());
		}
	}

	/**
	 * Some pools wrap the reason why they cannot connect.
	 */
	private Connection open(Duration time) throws SQLException {
		try {
			Connection connection = this.connector.open(time);
			this.proven = true;
			return connection;
		}
		catch (RuntimeException ex) {
			throw sqlFailure(ex);
		}
	}

	/** Returns what a failure of a pool's or of Spring's wraps, or its type alone. */
	static SQLException sqlFailure(RuntimeException failure) {
		for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
			if (cause instanceof SQLException sql) {
				return sql;
			}
		}
		return new LocalFailure("unexpected " + failure.getClass().getName(), UNEXPECTED);
	}

}
