package io.observatory.storage.sink;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;

import javax.sql.DataSource;

import io.observatory.storage.row.Rows;
import io.observatory.storage.table.Table;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores batches, each in one transaction with the position of its lane, so that a batch
 * lands exactly once however often it has to be sent.
 * <p>
 * Thread-safe; each lane belongs to one thread.
 */
public final class PostgresSink {

	private static final Logger logger = LoggerFactory.getLogger(PostgresSink.class);

	/** How often a race for a key may be lost before it is taken for a fault of a row. */
	private static final int MAX_LOST_RACES = 3;

	private final String writer;

	private final DataSource dataSource;

	private final List<Load> loads;

	private final List<Table<?>> tables;

	private final SinkSettings settings;

	private final Watchdog watchdog;

	private final DeadLetters deadLetters;

	private final String transactionSettings;

	private final String stages;

	private volatile boolean insertOnly;

	public PostgresSink(String writer, DataSource dataSource, List<Load> loads, SinkSettings settings,
			ScheduledExecutorService timer) {
		this.writer = writer;
		this.dataSource = dataSource;
		this.loads = List.copyOf(loads);
		this.tables = loads.stream().<Table<?>>flatMap((load) -> load.tables().stream()).toList();
		this.settings = settings;
		this.watchdog = new Watchdog(timer);
		this.deadLetters = new DeadLetters(settings.schema());
		this.transactionSettings = transactionSettings(settings);
		this.stages = loads.stream()
			.flatMap((load) -> load.staged().stream())
			.map((table) -> table.createStage() + "; ")
			.reduce("", String::concat);
		this.insertOnly = settings.method() == WriteMethod.INSERT;
	}

	/** Returns a new lane for a slot. */
	public Lane lane(int slot) {
		return new Lane(this.writer, slot, this.settings.schema());
	}

	/**
	 * Stores a batch: the rows of each table, in the tables' order.
	 * @throws SinkException when it was not stored, or when that is not known; the same
	 * rows must be sent again through the same lane before any others
	 */
	public Outcome store(Lane lane, List<Rows> rows) {
		try {
			return attempt(lane, rows, false);
		}
		catch (SQLException ex) {
			return recover(lane, rows, ex);
		}
	}

	private Outcome recover(Lane lane, List<Rows> rows, SQLException failure) {
		try {
			return switch (ErrorClass.of(failure)) {
				case POISON -> attempt(lane, rows, true);
				case LOST_RACE -> raceAgain(lane, rows);
				case NO_PARTITION -> {
					new Partitions(this.dataSource, this.settings.schema().name()).make();
					yield attempt(lane, rows, false);
				}
				default -> {
					if (!mayInsertInstead(failure)) {
						throw failed(failure);
					}
					yield attempt(lane, rows, false);
				}
			};
		}
		catch (SQLException ex) {
			throw failed(ex);
		}
	}

	private Outcome raceAgain(Lane lane, List<Rows> rows) throws SQLException {
		for (int lost = 1; lost < MAX_LOST_RACES; lost++) {
			try {
				return attempt(lane, rows, false);
			}
			catch (SQLException ex) {
				if (ErrorClass.of(ex) != ErrorClass.LOST_RACE) {
					throw ex;
				}
			}
		}
		return attempt(lane, rows, true);
	}

	/**
	 * Goes over to INSERT if COPY turns out not to go.
	 */
	private boolean mayInsertInstead(SQLException failure) throws SQLException {
		if (this.settings.method() != WriteMethod.AUTO || this.insertOnly || !cannotCopy(failure)) {
			return false;
		}
		logger.warn("COPY cannot go for the writer '{}' (SQLSTATE {}): using INSERT from now on", this.writer,
				ErrorClass.sqlState(failure));
		this.insertOnly = true;
		return true;
	}

	private SinkException failed(SQLException failure) {
		ErrorClass errorClass = ErrorClass.of(failure);
		return new SinkException("The writer '" + this.writer + "' could not store a batch: "
				+ ServerMessage.describe(failure, errorClass), errorClass, failure);
	}

	private Outcome attempt(Lane lane, List<Rows> rows, boolean isolating) throws SQLException {
		this.settings.connections().acquire(this.settings.deadline());
		try (Connection connection = this.dataSource.getConnection();
				Watchdog.Guard guard = this.watchdog.watch(connection, this.settings.deadline())) {
			boolean autoCommit = connection.getAutoCommit();
			connection.setAutoCommit(false);
			try {
				return transact(connection, lane, rows, isolating);
			}
			finally {
				restore(connection, autoCommit);
			}
		}
		finally {
			this.settings.connections().release();
		}
	}

	private Outcome transact(Connection connection, Lane lane, List<Rows> rows, boolean isolating) throws SQLException {
		try {
			Road road = road(connection);
			boolean staging = road instanceof CopyRoad;
			Outcome known = lane.advance(connection, this.transactionSettings + (staging ? this.stages : ""));
			if (known != null) {
				connection.rollback();
				lane.committed();
				return known;
			}
			List<DeadLetter> dead = isolating ? new Isolation(road, this.tables, this::storeAll).run(rows)
					: storeAll(road, rows);
			this.deadLetters.add(connection, dead);
			Outcome outcome = new Outcome(count(rows) - dead.size(), dead.size());
			lane.committing(outcome);
			connection.commit();
			lane.committed();
			return outcome;
		}
		catch (SQLException | RuntimeException ex) {
			rollback(connection, ex);
			throw ex;
		}
	}

	private List<DeadLetter> storeAll(Road road, List<Rows> rows) throws SQLException {
		List<DeadLetter> dead = new ArrayList<>();
		int from = 0;
		for (Load load : this.loads) {
			int to = from + load.tables().size();
			dead.addAll(load.store(road, rows.subList(from, to)));
			from = to;
		}
		return dead;
	}

	private Road road(Connection connection) throws SQLException {
		if (this.insertOnly) {
			return new InsertRoad(connection, this.settings.schema());
		}
		if (!connection.isWrapperFor(PGConnection.class)) {
			throw new SQLException("COPY needs a connection that unwraps to PostgreSQL's own", "0A000");
		}
		return new CopyRoad(connection, this.settings.schema());
	}

	/**
	 * Row-level security refuses COPY with 0A000; a role without the right TEMP cannot
	 * make the stage.
	 */
	private boolean cannotCopy(SQLException failure) throws SQLException {
		String state = ErrorClass.sqlState(failure);
		if ("0A000".equals(state)) {
			return true;
		}
		if (!"42501".equals(state) || this.stages.isEmpty()) {
			return false;
		}
		try (Connection connection = this.dataSource.getConnection();
				PreparedStatement statement = connection
					.prepareStatement("SELECT has_database_privilege(current_database(), 'TEMP')");
				ResultSet right = statement.executeQuery()) {
			return right.next() && !right.getBoolean(1);
		}
	}

	/** A connection that is beyond it does not hide why. */
	private static void restore(Connection connection, boolean autoCommit) {
		try {
			connection.setAutoCommit(autoCommit);
		}
		catch (SQLException ex) {
			logger.debug("A connection could not be restored (SQLSTATE {})", ex.getSQLState());
		}
	}

	private static void rollback(Connection connection, Exception failure) {
		try {
			connection.rollback();
			if (failure instanceof SQLException sql && ErrorClass.of(sql) == ErrorClass.READ_ONLY) {
				Watchdog.abort(connection);
			}
		}
		catch (SQLException ex) {
			failure.addSuppressed(ex);
		}
	}

	private static int count(List<Rows> rows) {
		return rows.stream().mapToInt(Rows::count).sum();
	}

	/**
	 * Only ever SET LOCAL: the connection may be the application's. The keepalives let
	 * the server notice within half a minute that we are gone, and let go of its locks.
	 */
	private static String transactionSettings(SinkSettings settings) {
		long deadline = settings.deadline().toMillis();
		return "SET TRANSACTION ISOLATION LEVEL READ COMMITTED; SET LOCAL client_min_messages = warning; "
				+ "SET LOCAL lock_timeout = " + Math.min(deadline, 5000) + "; SET LOCAL statement_timeout = " + deadline
				+ "; SET LOCAL tcp_keepalives_idle = 10; SET LOCAL tcp_keepalives_interval = 5; "
				+ "SET LOCAL tcp_keepalives_count = 3; SET LOCAL tcp_user_timeout = 30000; "
				+ (settings.synchronousCommit() ? "" : "SET LOCAL synchronous_commit = off; ");
	}

	/** Aborts the connections of all attempts under way. */
	public void abort() {
		this.watchdog.abortAll();
	}

	/** Returns whether rows go by INSERT, be it by choice or because COPY cannot go. */
	public boolean insertsOnly() {
		return this.insertOnly;
	}

}
