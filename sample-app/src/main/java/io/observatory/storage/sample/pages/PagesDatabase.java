package io.observatory.storage.sample.pages;

import java.math.BigDecimal;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Properties;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.observatory.storage.spring.StorageDatabase;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * The connections of the pages to the database of the writers. They are few and
 * read-only, and each statement ends after {@link #STATEMENT_TIMEOUT}, so that no query
 * can harm the intake. Exports may take longer, and have connections of their own, so
 * that the pages need not wait for them. The schema of the tables is on their search
 * path: queries name tables without it.
 * <p>
 * The pools are not DataSource beans, so that the application never chooses them for
 * anything else. They can be created while the database is down. The limits are
 * parameters of the connection's start, never SET: behind a pooler that lends a server
 * connection by the transaction, a SET would reach the writers. (A pooler that refuses
 * the parameter {@code options} is not for the pages.)
 */
public final class PagesDatabase implements AutoCloseable {

	/**
	 * The name of a trace {@code t}: that of its root span, else that of its lead span.
	 */
	public static final String TRACE_NAME = """
			coalesce(nullif(t.root_span_name, ''), (SELECT s.name FROM trace_spans AS s
			                                         WHERE s.trace_id = t.id AND s.span_id = t.lead_span_id))""";

	/**
	 * The server ends a statement that takes longer.
	 */
	public static final Duration STATEMENT_TIMEOUT = Duration.ofSeconds(5);

	/**
	 * How long an export may take.
	 */
	public static final Duration EXPORT_TIMEOUT = Duration.ofMinutes(30);

	private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

	/**
	 * More rows than any page reads. It bounds the memory of a query, which the writers
	 * need.
	 */
	private static final int MAX_ROWS = 100_000;

	/**
	 * The rows that an export holds in memory. A row has up to some 2 MiB.
	 */
	private static final int EXPORTED_AT_A_TIME = 20;

	private static final BigDecimal LEAST = BigDecimal.valueOf(Long.MIN_VALUE);

	private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);

	private final List<HikariDataSource> pools;

	private final JdbcClient jdbc;

	private final JdbcClient exports;

	private PagesDatabase(DriverManagerDataSource driver, String schema) {
		HikariDataSource pages = new HikariDataSource(pool(driver, Limits.PAGES));
		HikariDataSource files = new HikariDataSource(pool(driver, Limits.EXPORTS));
		this.pools = List.of(pages, files);
		JdbcTemplate bounded = new JdbcTemplate(new Bounds(pages, schema, Limits.PAGES));
		bounded.setMaxRows(MAX_ROWS);
		this.jdbc = JdbcClient.create(bounded);
		JdbcTemplate streaming = new JdbcTemplate(new Bounds(files, schema, Limits.EXPORTS));
		streaming.setFetchSize(EXPORTED_AT_A_TIME);
		this.exports = JdbcClient.create(streaming);
	}

	/**
	 * Connections to the database that the writers use.
	 */
	static PagesDatabase beside(StorageDatabase writers, String schema) {
		try {
			HikariDataSource pool = writers.dataSource().unwrap(HikariDataSource.class);
			return new PagesDatabase(
					(pool.getDataSource() instanceof DriverManagerDataSource driver) ? driver : fromUrl(pool), schema);
		}
		catch (SQLException ex) {
			throw new IllegalStateException("The pages know how to connect only beside a HikariCP pool.", ex);
		}
	}

	private static DriverManagerDataSource fromUrl(HikariDataSource pool) {
		DriverManagerDataSource driver = new DriverManagerDataSource();
		driver.setUrl(pool.getJdbcUrl());
		Properties parameters = new Properties();
		parameters.putAll(pool.getDataSourceProperties());
		putIfGiven(parameters, "user", pool.getUsername());
		putIfGiven(parameters, "password", pool.getPassword());
		driver.setConnectionProperties(parameters);
		return driver;
	}

	private static void putIfGiven(Properties parameters, String name, @Nullable String value) {
		if (value != null) {
			parameters.setProperty(name, value);
		}
	}

	private static DriverManagerDataSource withParameters(DriverManagerDataSource driver, Limits limits) {
		Properties parameters = new Properties();
		Properties given = driver.getConnectionProperties();
		if (given != null) {
			parameters.putAll(given);
		}
		parameters.setProperty("ApplicationName", limits.poolName);
		parameters.setProperty("loginTimeout", Long.toString(CONNECT_TIMEOUT.toSeconds()));
		parameters.setProperty("connectTimeout", Long.toString(CONNECT_TIMEOUT.toSeconds()));
		parameters.setProperty("socketTimeout", Long.toString(limits.statement.multipliedBy(2).toSeconds()));
		// A generic plan would suit no time range, so each statement is planned with its
		// values.
		parameters.setProperty("prepareThreshold", "0");
		// the server's detail quotes the row that failed
		parameters.setProperty("logServerErrorDetail", "false");
		DriverManagerDataSource own = new WithoutLoginTimeout();
		own.setUrl(withoutParameters(String.valueOf(driver.getUrl())));
		own.setConnectionProperties(parameters);
		return own;
	}

	/**
	 * Parameters in a URL would override those that are set separately.
	 */
	private static String withoutParameters(String url) {
		return url.replaceAll("(?<=[?&])(prepareThreshold|socketTimeout|ApplicationName)=[^&]*&?", "");
	}

	private static HikariConfig pool(DriverManagerDataSource driver, Limits limits) {
		HikariConfig pool = new HikariConfig();
		pool.setPoolName(limits.poolName);
		pool.setDataSource(withParameters(driver, limits));
		// each query is a read-only transaction, which the pool rolls back
		pool.setReadOnly(true);
		pool.setAutoCommit(false);
		pool.setMaximumPoolSize(limits.connections);
		pool.setMinimumIdle(0);
		pool.setConnectionTimeout(CONNECT_TIMEOUT.toMillis());
		pool.setIdleTimeout(Duration.ofMinutes(5).toMillis());
		pool.setInitializationFailTimeout(-1);
		return pool;
	}

	/**
	 * Runs a query. A failure is a DataAccessException, which the pages answer with an
	 * error page.
	 */
	public JdbcClient jdbc() {
		return this.jdbc;
	}

	/**
	 * Runs the query of an export; two of them may run at once. Rows come a few at a
	 * time, as they are read.
	 */
	public JdbcClient exports() {
		return this.exports;
	}

	/**
	 * An instant as a parameter of a statement.
	 */
	public static OffsetDateTime timestamp(Instant time) {
		return time.atOffset(ZoneOffset.UTC);
	}

	/**
	 * A column of a row as an instant, or null.
	 */
	public static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
		OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
		return (time != null) ? time.toInstant() : null;
	}

	/**
	 * A column of a row as a number, or null. A sum that is larger than any long becomes
	 * the largest long.
	 */
	public static @Nullable Long number(ResultSet row, String column) throws SQLException {
		BigDecimal number = row.getBigDecimal(column);
		return (number == null) ? null : number.max(LEAST).min(MOST).longValue();
	}

	/**
	 * A column of a row as an array of text, empty for null.
	 */
	public static List<String> texts(ResultSet row, String column) throws SQLException {
		Array array = row.getArray(column);
		return (array != null) ? List.of((String[]) array.getArray()) : List.of();
	}

	@Override
	public void close() {
		this.pools.forEach(HikariDataSource::close);
	}

	/** What the queries of a pool may take. */
	private enum Limits {

		PAGES("observatory-pages", 4, STATEMENT_TIMEOUT, Duration.ofSeconds(10)),

		/** Idle for longer than the 60 s that Tomcat waits for a client to read. */
		EXPORTS("observatory-export", 2, EXPORT_TIMEOUT, Duration.ofSeconds(90));

		final String poolName;

		final int connections;

		final Duration statement;

		final Duration idle;

		Limits(String poolName, int connections, Duration statement, Duration idle) {
			this.poolName = poolName;
			this.connections = connections;
			this.statement = statement;
			this.idle = idle;
		}

	}

	/**
	 * Sets the limits of a query, for its transaction alone. A pooler would refuse a
	 * parameter of the session, or pass it on to the next user of the session.
	 */
	private static final class Bounds extends DelegatingDataSource {

		/**
		 * JIT compilation takes longer than it saves for queries of this size, and
		 * parallel workers would take the processors from the intake.
		 */
		private static final String SET_LOCAL = """
				SELECT set_config('search_path', ?, true), set_config('statement_timeout', ?, true),
				       set_config('lock_timeout', '1s', true),
				       set_config('idle_in_transaction_session_timeout', ?, true),
				       set_config('TimeZone', 'UTC', true),
				       set_config('jit', 'off', true), set_config('max_parallel_workers_per_gather', '0', true),
				       set_config('work_mem', '16MB', true)
				""";

		private final String schema;

		private final Limits limits;

		Bounds(DataSource dataSource, String schema, Limits limits) {
			super(dataSource);
			this.schema = schema;
			this.limits = limits;
		}

		@Override
		public Connection getConnection() throws SQLException {
			Connection connection = super.getConnection();
			try (PreparedStatement bounds = connection.prepareStatement(SET_LOCAL)) {
				bounds.setString(1, '"' + this.schema + '"');
				bounds.setString(2, Long.toString(this.limits.statement.toMillis()));
				bounds.setString(3, Long.toString(this.limits.idle.toMillis()));
				bounds.execute();
			}
			catch (SQLException ex) {
				connection.close();
				throw ex;
			}
			return connection;
		}

	}

	/**
	 * It is set as a parameter of the driver, because Hikari would set it for the whole
	 * JVM.
	 */
	private static final class WithoutLoginTimeout extends DriverManagerDataSource {

		@Override
		public void setLoginTimeout(int seconds) {
		}

		@Override
		public int getLoginTimeout() {
			return Math.toIntExact(CONNECT_TIMEOUT.toSeconds());
		}

	}

}
