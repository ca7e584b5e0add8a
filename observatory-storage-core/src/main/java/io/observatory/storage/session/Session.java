package io.observatory.storage.session;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import javax.sql.DataSource;

import io.observatory.storage.table.Schema;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one way to the database, for writers, replay, retention and upkeep: transactions,
 * each on a connection of its own, never the caller's, READ COMMITTED, and ended at a
 * deadline whatever the server or the data source does. Thread-safe.
 */
public final class Session {

	private static final Logger logger = LoggerFactory.getLogger(Session.class);

	/**
	 * A connection that is rejected: for good when there never was one (a password that
	 * is missing, TLS that the server does not have), else for a while.
	 */
	private static final String REJECTED = "08004";

	private static final String NOT_SUPPORTED = "0A000";

	private static final String NO_RIGHT = "42501";

	private final String name;

	private final SessionSettings settings;

	private final Connections connections;

	private final String transactionSettings;

	private volatile boolean insertOnly;

	/**
	 * Makes a session. It need not be closed: it has threads only while it is in use.
	 * @param name names its threads
	 */
	public Session(String name, DataSource dataSource, SessionSettings settings) {
		this.name = name;
		this.settings = settings;
		this.connections = new Connections(name, dataSource, settings.connections(), settings.deadline());
		this.transactionSettings = transactionSettings(settings);
		this.insertOnly = settings.method() == WriteMethod.INSERT;
	}

	public Schema schema() {
		return this.settings.schema();
	}

	/**
	 * Does something in a transaction, and commits it.
	 * @throws SQLException whatever went wrong; unless it was the COMMIT that got no
	 * answer, nothing was done
	 */
	public <T> T run(Work<T> work) throws SQLException {
		try {
			return this.connections.use((connection) -> {
				try (Statement statement = connection.createStatement()) {
					statement.execute(this.transactionSettings);
				}
				T result = work.run(connection);
				connection.commit();
				return result;
			});
		}
		catch (RuntimeException ex) {
			// Spring's translation
			throw Connections.sqlFailure(ex);
		}
	}

	/**
	 * Loads rows in a transaction that the work begins, with {@link RowLoader#preamble()}
	 * before its first statement, and commits.
	 * @param stages the statements that make the stages that a COPY needs, each ended by
	 * a semicolon
	 * @param byInsert whether to do without COPY this time
	 */
	public void load(String stages, boolean byInsert, Load load) throws SQLException {
		this.connections.use((connection) -> {
			load.run(loader(connection, stages, byInsert));
			return true;
		});
	}

	private RowLoader loader(Connection connection, String stages, boolean byInsert) throws SQLException {
		if (this.insertOnly || byInsert) {
			return new UnnestLoader(connection, schema(), this.transactionSettings);
		}
		if (!connection.isWrapperFor(PGConnection.class)) {
			throw new LocalFailure("COPY needs a connection that unwraps to PostgreSQL's own", NOT_SUPPORTED);
		}
		return new CopyLoader(connection, schema(), this.transactionSettings + stages);
	}

	/**
	 * Goes over from COPY to INSERT, if that is allowed and COPY cannot go.
	 * @param stages as for {@link #load}
	 * @return whether rows go by INSERT from now on
	 */
	public boolean insertInstead(SQLException failure, String stages) throws SQLException {
		if (this.settings.method() != WriteMethod.AUTO || !cannotCopy(failure, stages)) {
			return false;
		}
		if (!this.insertOnly) {
			logger.warn("COPY cannot go for '{}' (SQLSTATE {}): using INSERT from now on", this.name,
					ErrorClass.sqlState(failure));
			this.insertOnly = true;
		}
		return true;
	}

	/**
	 * Row-level security refuses COPY with 0A000; a role without the right TEMP cannot
	 * make the stage.
	 */
	private boolean cannotCopy(SQLException failure, String stages) throws SQLException {
		String state = ErrorClass.sqlState(failure);
		return NOT_SUPPORTED.equals(state) || (NO_RIGHT.equals(state) && !stages.isEmpty() && !run((connection) -> {
			try (Statement statement = connection.createStatement();
					ResultSet right = statement
						.executeQuery("SELECT has_database_privilege(current_database(), 'TEMP')")) {
				return right.next() && right.getBoolean(1);
			}
		}));
	}

	/** Makes the partitions of the append tables that are missing. */
	public void makePartitions() throws SQLException {
		run((connection) -> {
			try (Statement statement = connection.createStatement()) {
				return statement.execute("SELECT " + schema().qualify("make_partitions()"));
			}
		});
	}

	/** Ends all transactions under way. */
	public void abort() {
		this.connections.abort();
	}

	/**
	 * Returns the exception for a failed transaction.
	 * @param what what failed, in words without content
	 */
	public DatabaseException failure(String what, SQLException failure) {
		boolean never = !this.connections.isProven() && REJECTED.equals(ErrorClass.sqlState(failure));
		return new DatabaseException(what, never ? ErrorClass.CONFIGURATION : ErrorClass.of(failure), failure);
	}

	/**
	 * Only ever SET LOCAL: the connection may be the application's. The keepalives let
	 * the server notice within half a minute that we are gone, and let go of its locks. A
	 * statement runs out of time before the watchdog aborts the connection, where it is
	 * one that takes so long: then the server says so, and nothing is in doubt.
	 */
	private static String transactionSettings(SessionSettings settings) {
		long deadline = settings.deadline().toMillis();
		return "SET TRANSACTION ISOLATION LEVEL READ COMMITTED; SET LOCAL client_min_messages = warning; "
				+ "SET LOCAL lock_timeout = " + Math.min(deadline / 2, 5000) + "; SET LOCAL statement_timeout = "
				+ (deadline - deadline / 10)
				+ "; SET LOCAL tcp_keepalives_idle = 10; SET LOCAL tcp_keepalives_interval = 5; "
				+ "SET LOCAL tcp_keepalives_count = 3; SET LOCAL tcp_user_timeout = 30000; "
				+ (settings.synchronousCommit() ? "" : "SET LOCAL synchronous_commit = off; ");
	}

	/**
	 * Loads rows, from the first statement of a transaction to its COMMIT.
	 */
	public interface Load {

		void run(RowLoader loader) throws SQLException;

	}

}
