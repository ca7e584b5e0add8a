package io.observatory.storage.sending;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;

import javax.sql.DataSource;

import io.observatory.storage.row.Rows;
import io.observatory.storage.session.Connections;
import io.observatory.storage.session.CopyLoader;
import io.observatory.storage.session.ErrorClass;
import io.observatory.storage.session.LocalFailure;
import io.observatory.storage.session.RowLoader;
import io.observatory.storage.session.ServerMessage;
import io.observatory.storage.session.SinkException;
import io.observatory.storage.session.SinkSettings;
import io.observatory.storage.session.UnnestLoader;
import io.observatory.storage.session.WriteMethod;
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

	/** How often a failure that nobody expects is met before it counts as one to stay. */
	private static final int MAX_UNEXPECTED = 3;

	/**
	 * A connection that is rejected: for good when there never was one (a password that
	 * is missing, TLS that the server does not have), else for a while.
	 */
	private static final String REJECTED = "08004";

	private static final String TIMEOUT = "57014";

	private static final String LOCK_TIMEOUT = "55P03";

	private final String writer;

	private final Connections connections;

	private final List<TableStore> loads;

	private final List<Table<?>> tables;

	private final SinkSettings settings;

	private final DeadLetters deadLetters;

	private final String transactionSettings;

	private final String stages;

	private volatile boolean insertOnly;

	public PostgresSink(String writer, DataSource dataSource, List<TableStore> loads, SinkSettings settings,
			ScheduledExecutorService timer) {
		this.writer = writer;
		this.loads = List.copyOf(loads);
		this.tables = loads.stream().<Table<?>>flatMap((load) -> load.tables().stream()).toList();
		this.settings = settings;
		this.connections = new Connections(dataSource, settings.connections(), settings.deadline(), timer);
		this.deadLetters = new DeadLetters(settings.schema(), settings.maxDeadLetters());
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
	 * Says in the database that these lanes are in use, however long they have not moved,
	 * so that nobody cleans them up. One that is moving just now needs no word.
	 * @throws SinkException when that did not succeed
	 */
	public void renew(List<Lane> lanes) {
		String sql = "UPDATE %1$s SET updated_at = now() WHERE id IN (SELECT id FROM %1$s WHERE id = ANY (?) FOR UPDATE SKIP LOCKED)"
			.formatted(this.settings.schema().qualify("lanes"));
		try {
			this.connections.use((connection) -> {
				begin(connection);
				try (PreparedStatement statement = connection.prepareStatement(sql)) {
					statement.setArray(1, connection.createArrayOf("uuid", lanes.stream().map(Lane::id).toArray()));
					statement.executeUpdate();
				}
				connection.commit();
				return true;
			});
		}
		catch (SQLException ex) {
			throw failed(ex);
		}
	}

	/**
	 * Returns a batch, the rows of each table in the tables' order, ready to be stored.
	 */
	public Delivery delivery(Lane lane, List<Rows> rows) {
		return new Delivery(lane, rows);
	}

	/**
	 * Stores a batch.
	 * @throws SinkException when it was not stored, or when that is not known; the same
	 * delivery must be stored before any other of its lane
	 */
	public Outcome store(Delivery delivery) {
		Recovery recovery = new Recovery(delivery);
		while (!delivery.isDone()) {
			try {
				this.connections.use((connection) -> transact(connection, delivery, recovery));
			}
			catch (SQLException ex) {
				recovery.prepare(ex);
			}
		}
		return delivery.outcome();
	}

	private SinkException failed(SQLException failure) {
		ErrorClass errorClass = ErrorClass.of(failure);
		if (!this.connections.isProven() && REJECTED.equals(ErrorClass.sqlState(failure))) {
			errorClass = ErrorClass.CONFIGURATION;
		}
		return new SinkException("The writer '" + this.writer + "' could not store a batch: "
				+ ServerMessage.describe(failure, errorClass), errorClass, failure);
	}

	/**
	 * Once the lane knows that the rows are in, nothing may come before they are settled.
	 */
	private boolean transact(Connection connection, Delivery delivery, Recovery recovery) throws SQLException {
		Lane lane = delivery.lane();
		List<Rows> rows = delivery.next();
		RowLoader road = road(connection);
		boolean staging = road instanceof CopyLoader;
		Outcome outcome = lane.advance(connection, this.transactionSettings + (staging ? this.stages : ""),
				Rows.count(rows));
		if (outcome == null) {
			outcome = fill(connection, road, rows, recovery);
			lane.committing(outcome);
			connection.commit();
		}
		lane.committed();
		delivery.settle(outcome);
		return true;
	}

	private Outcome fill(Connection connection, RowLoader road, List<Rows> rows, Recovery recovery)
			throws SQLException {
		List<DeadLetter> dead = recovery.isolating ? isolate(road, rows, recovery) : storeAtOnce(road, rows, recovery);
		this.deadLetters.add(connection, dead);
		return new Outcome(Rows.count(rows) - dead.size(), dead.size());
	}

	private List<DeadLetter> storeAtOnce(RowLoader road, List<Rows> rows, Recovery recovery) throws SQLException {
		try {
			return storeAll(road, rows);
		}
		catch (SQLException ex) {
			recovery.suspect = Isolation.suspect(road, this.tables, rows, ex);
			throw ex;
		}
	}

	private List<DeadLetter> isolate(RowLoader road, List<Rows> rows, Recovery recovery) throws SQLException {
		int suspect = recovery.suspect;
		// should it be halved next, the index would be another row's
		recovery.suspect = -1;
		return new Isolation(road, this.tables, this::storeAll).run(rows, suspect);
	}

	private List<DeadLetter> storeAll(RowLoader road, List<Rows> rows) throws SQLException {
		List<DeadLetter> dead = new ArrayList<>();
		int from = 0;
		for (TableStore load : this.loads) {
			int to = from + load.tables().size();
			dead.addAll(load.store(road, rows.subList(from, to)));
			from = to;
		}
		return dead;
	}

	private RowLoader road(Connection connection) throws SQLException {
		if (this.insertOnly) {
			return new UnnestLoader(connection, this.settings.schema());
		}
		if (!connection.isWrapperFor(PGConnection.class)) {
			throw new LocalFailure("COPY needs a connection that unwraps to PostgreSQL's own", "0A000");
		}
		return new CopyLoader(connection, this.settings.schema());
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
		return this.connections.use((connection) -> {
			try (Statement statement = connection.createStatement();
					ResultSet right = statement
						.executeQuery("SELECT has_database_privilege(current_database(), 'TEMP')")) {
				return right.next() && !right.getBoolean(1);
			}
		});
	}

	private void makePartitions() throws SQLException {
		this.connections.use((connection) -> {
			begin(connection);
			try (Statement statement = connection.createStatement()) {
				statement.execute("SELECT " + this.settings.schema().qualify("make_partitions()"));
			}
			connection.commit();
			return true;
		});
	}

	private void begin(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute(this.transactionSettings);
		}
	}

	/**
	 * Only ever SET LOCAL: the connection may be the application's. The keepalives let
	 * the server notice within half a minute that we are gone, and let go of its locks. A
	 * statement runs out of time before the watchdog aborts the connection, where it is
	 * one that takes so long: then the server says so, and nothing is in doubt.
	 */
	private static String transactionSettings(SinkSettings settings) {
		long deadline = settings.deadline().toMillis();
		return "SET TRANSACTION ISOLATION LEVEL READ COMMITTED; SET LOCAL client_min_messages = warning; "
				+ "SET LOCAL lock_timeout = " + Math.min(deadline / 2, 5000) + "; SET LOCAL statement_timeout = "
				+ (deadline - deadline / 10)
				+ "; SET LOCAL tcp_keepalives_idle = 10; SET LOCAL tcp_keepalives_interval = 5; "
				+ "SET LOCAL tcp_keepalives_count = 3; SET LOCAL tcp_user_timeout = 30000; "
				+ (settings.synchronousCommit() ? "" : "SET LOCAL synchronous_commit = off; ");
	}

	/** Aborts the connections of all attempts under way. */
	public void abort() {
		this.connections.abort();
	}

	/**
	 * What is done about the failures of one batch before it is given back: each remedy
	 * is tried once, races a few times. The lane makes each attempt safe, whatever became
	 * of the one before.
	 */
	private final class Recovery {

		private final Delivery delivery;

		private boolean isolating;

		/** The index of the row that COPY stumbled over, or -1. */
		private int suspect = -1;

		private boolean holderTerminated;

		private int racesLost;

		private int unexpected;

		private int sessionsLeft;

		private boolean partitionsMade;

		private boolean insertTried;

		Recovery(Delivery delivery) {
			this.delivery = delivery;
		}

		/**
		 * Prepares the next attempt, or gives up.
		 */
		void prepare(SQLException failure) {
			try {
				if (!helps(failure)) {
					throw failed(failure);
				}
			}
			catch (SQLException ex) {
				throw failed(ex);
			}
		}

		private boolean helps(SQLException failure) throws SQLException {
			return switch (ErrorClass.of(failure)) {
				case TRANSIENT -> switch (String.valueOf(ErrorClass.sqlState(failure))) {
					case LOCK_TIMEOUT -> terminateHolder();
					case TIMEOUT -> this.delivery.halve();
					default -> false;
				};
				case POISON, STATEMENT -> isolate();
				case LOST_RACE -> ++this.racesLost < MAX_LOST_RACES || isolate();
				case STALE_STATEMENT -> ++this.sessionsLeft < MAX_UNEXPECTED;
				case NO_PARTITION -> makePartitionsOnce();
				case UNEXPECTED -> ++this.unexpected < MAX_UNEXPECTED;
				case READ_ONLY -> false;
				case CONFIGURATION -> insertInstead(failure);
			};
		}

		/** That the signal was sent does not mean that the session has ended. */
		private boolean terminateHolder() throws SQLException {
			if (this.holderTerminated) {
				return false;
			}
			this.holderTerminated = true;
			return PostgresSink.this.connections.use((connection) -> this.delivery.lane().terminateHolder(connection));
		}

		private boolean isolate() {
			boolean helps = !this.isolating;
			this.isolating = true;
			return helps;
		}

		private boolean makePartitionsOnce() throws SQLException {
			if (this.partitionsMade) {
				return false;
			}
			this.partitionsMade = true;
			makePartitions();
			return true;
		}

		private boolean insertInstead(SQLException failure) throws SQLException {
			PostgresSink sink = PostgresSink.this;
			if (sink.settings.method() != WriteMethod.AUTO || this.insertTried || !cannotCopy(failure)) {
				return false;
			}
			this.insertTried = true;
			if (!sink.insertOnly) {
				logger.warn("COPY cannot go for the writer '{}' (SQLSTATE {}): using INSERT from now on", sink.writer,
						ErrorClass.sqlState(failure));
				sink.insertOnly = true;
			}
			return true;
		}

	}

}
