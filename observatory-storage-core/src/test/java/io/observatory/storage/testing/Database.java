package io.observatory.storage.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import javax.sql.DataSource;

import io.observatory.storage.fault.Length;
import io.observatory.storage.table.Layout;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.flywaydb.core.Flyway;
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

	private static final Database INSTANCE = new Database();

	private final EmbeddedPostgres server;

	private final DataSource dataSource;

	private final JdbcTemplate jdbc;

	private Database() {
		try {
			this.server = EmbeddedPostgres.builder()
				.setServerConfig("fsync", Length.isFull() ? "on" : "off")
				.setServerConfig("synchronous_commit", "on")
				.setServerConfig("max_connections", "200")
				.start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.dataSource = new InAnotherZone(this.server.getPostgresDatabase());
		this.jdbc = new JdbcTemplate(this.dataSource);
		migrate(this.dataSource, "observatory");
	}

	public static Database get() {
		return INSTANCE;
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
	}

	public DataSource dataSource() {
		return this.dataSource;
	}

	public int port() {
		return this.server.getPort();
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

	/**
	 * Empties whatever has rows: there are many partitions, and each that is truncated
	 * gets new files.
	 */
	public void clear() {
		String filled = this.jdbc.queryForObject(
				"""
						SELECT string_agg(oid::regclass::text, ', ') FROM pg_class
						WHERE relnamespace = 'observatory'::regnamespace AND relkind = 'r' AND (relname IN ('traces', 'trace_spans')
						OR (pg_relation_size(oid) > 0 AND (relispartition OR relname IN ('metrics', 'scores', 'lanes', 'dead_letters'))))""",
				String.class);
		this.jdbc.execute("TRUNCATE " + filled);
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
