package io.observatory.storage.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

import javax.sql.DataSource;

import io.observatory.storage.fault.Length;
import io.observatory.storage.table.Layout;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.flywaydb.core.Flyway;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * One embedded PostgreSQL for all tests of a JVM, with the schema migrated and a session
 * time zone that is not the JVM's. It is durable as in production; in short it spares
 * fsync, which matters when the power fails, and here processes are killed at most.
 * {@link #clear()} empties it.
 */
public final class Database {

	public static final String TIME_ZONE = "Pacific/Chatham";

	/** The layout that the suite runs with: source, if it is not set. */
	public static final String LAYOUT_PROPERTY = "it.layout";

	/** What all schemas are made with: the suite runs with any. */
	public static final Layout LAYOUT = Layout
		.valueOf(System.getProperty(LAYOUT_PROPERTY, "source").toUpperCase(Locale.ROOT));

	/**
	 * A server that is running, to be used instead, and for nothing else: its superuser
	 * is postgres, without a password.
	 */
	public static final String URL_PROPERTY = "it.url";

	private static final AtomicReference<Database> STARTED = new AtomicReference<>();

	private final PGSimpleDataSource server = new PGSimpleDataSource();

	private final DataSource dataSource = new InAnotherZone(this.server);

	private final JdbcTemplate jdbc = new JdbcTemplate(this.dataSource);

	private final Engine engine;

	private Database() {
		String url = System.getProperty(URL_PROPERTY);
		this.server.setUrl((url != null) ? url : start());
		this.engine = Engine.of(this.jdbc);
		dropSchemas();
		migrate(this.dataSource, "observatory");
		STARTED.set(this);
	}

	/** Those of an earlier run, on a server that was running before. */
	private void dropSchemas() {
		this.jdbc
			.queryForList("SELECT relnamespace::regnamespace::text FROM pg_class "
					+ "WHERE relname IN ('flyway_schema_history', 'observatory_schema_history') AND relkind = 'r'",
					String.class)
			.forEach((schema) -> this.jdbc.execute("DROP SCHEMA " + schema + " CASCADE"));
	}

	private static String start() {
		try {
			return EmbeddedPostgres.builder()
				.setServerConfig("fsync", Length.isFull() ? "on" : "off")
				.setServerConfig("synchronous_commit", "on")
				.setServerConfig("max_connections", "200")
				.start()
				.getJdbcUrl("postgres", "postgres");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	public static Database get() {
		return First.INSTANCE;
	}

	/** Returns whether the server is one that was running before. */
	public static boolean isGiven() {
		return System.getProperty(URL_PROPERTY) != null;
	}

	public static void migrate(DataSource dataSource, String schema) {
		migrate(dataSource, schema, LAYOUT);
	}

	public static void migrate(DataSource dataSource, String schema, Layout layout) {
		Flyway.configure()
			.dataSource(dataSource)
			.locations(layout.migrations().stream().map((folder) -> "classpath:" + folder).toArray(String[]::new))
			.schemas(schema)
			.defaultSchema(schema)
			.load()
			.migrate();
		if (layout == Layout.PARTITIONED) {
			JdbcTemplate jdbc = new JdbcTemplate(dataSource);
			Engine.of(jdbc).prepare(jdbc, schema);
		}
	}

	public DataSource dataSource() {
		return this.dataSource;
	}

	public int port() {
		return this.server.getPortNumbers()[0];
	}

	/** Returns what the server keeps the tables by. */
	public Engine engine() {
		return this.engine;
	}

	public JdbcTemplate jdbc() {
		return this.jdbc;
	}

	public long count(String table) {
		Long count = this.jdbc.queryForObject("SELECT count(*) FROM observatory." + table, Long.class);
		return (count != null) ? count : -1;
	}

	public List<Map<String, Object>> rows(String sql, Object... parameters) {
		return this.jdbc.queryForList(sql, parameters);
	}

	/** Empties the tables. */
	public void clear() {
		this.jdbc.execute("TRUNCATE " + String.join(", ", this.engine.filled(this.jdbc)));
	}

	/**
	 * Each class finds the tables empty, whichever classes ran before it: their order and
	 * the JVM they run in are chance.
	 */
	public static final class EmptyForEachClass implements TestExecutionListener {

		@Override
		public void executionStarted(TestIdentifier test) {
			Database database = STARTED.get();
			if (database != null && test.getSource().filter(ClassSource.class::isInstance).isPresent()) {
				database.clear();
			}
		}

	}

	/** Started by the first who asks; benchmarks have servers of their own. */
	private static final class First {

		private static final Database INSTANCE = new Database();

	}

	/**
	 * The driver starts each session in the JVM's zone, so it has to be set afterwards.
	 */
	private static final class InAnotherZone extends DelegatingDataSource {

		InAnotherZone(DataSource target) {
			super(target);
		}

		@Override
		public Connection getConnection() throws SQLException {
			Connection connection = super.getConnection();
			try (Statement statement = connection.createStatement()) {
				statement.execute("SET TIME ZONE '" + TIME_ZONE + "'");
			}
			return connection;
		}

	}

}
