package io.observatory.storage.config;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.read.ListAppender;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

class StoragePoolIT {

	/** With all that has a meaning in a URL. */
	private static final String PASSWORD = "c4n4ry:@/?#%&=+ ü";

	private static final String ENCODED = "c4n4ry%3A%40%2F%3F%23%25%26%3D%2B%20%C3%BC";

	private static EmbeddedPostgres postgres;

	@BeforeAll
	static void startServer() throws Exception {
		postgres = EmbeddedPostgres.builder().start();
		execute("CREATE ROLE canary LOGIN PASSWORD '" + PASSWORD + "'");
		Path rules = Path.of(query("SHOW hba_file"));
		Files.writeString(rules, "host all canary all scram-sha-256\n" + Files.readString(rules));
		execute("SELECT pg_reload_conf()");
	}

	@AfterAll
	static void stopServer() throws IOException {
		postgres.close();
	}

	@Test
	void connectsWithAPasswordOfSpecialCharacters() throws SQLException {
		try (StoragePool pool = pool("DATABASE_URL", url("canary:" + ENCODED, "?application_name=it-url"));
				Connection connection = pool.dataSource().getConnection()) {
			assertThat(value(connection, "SELECT current_user")).isEqualTo("canary");
			assertThat(value(connection, "SHOW application_name")).isEqualTo("it-url");
		}
		try (StoragePool pool = pool("DB_HOST", "localhost", "DB_PORT", String.valueOf(postgres.getPort()), "DB_NAME",
				"postgres", "DB_USER", "canary", "DB_PASSWORD", PASSWORD, "DB_SSL_MODE", "disable");
				Connection connection = pool.dataSource().getConnection()) {
			assertThat(value(connection, "SELECT current_user")).isEqualTo("canary");
			assertThat(value(connection, "SHOW application_name")).isEqualTo("observatory-storage");
		}
	}

	@Test
	void poolHasTheDefaults() throws SQLException {
		int loginTimeout = DriverManager.getLoginTimeout();
		try (StoragePool pool = pool("DATABASE_URL", url("postgres", ""));
				Connection connection = pool.dataSource().getConnection()) {
			HikariDataSource hikari = pool.dataSource().unwrap(HikariDataSource.class);
			assertThat(hikari.getMaximumPoolSize()).isEqualTo(20);
			assertThat(hikari.getMinimumIdle()).isEqualTo(5);
			assertThat(hikari.getConnectionTimeout()).isEqualTo(10_000);
			assertThat(hikari.getIdleTimeout()).isEqualTo(300_000);
			assertThat(hikari.getMaxLifetime()).isEqualTo(1_800_000);
			assertThat(hikari.getKeepaliveTime()).isEqualTo(120_000);
			assertThat(connection.getNetworkTimeout()).as("socketTimeout").isEqualTo(60_000);
			assertThat(DriverManager.getLoginTimeout()).as("of the whole JVM").isEqualTo(loginTimeout);
			await().untilAsserted(() -> assertThat(hikari.getHikariPoolMXBean().getIdleConnections()).isEqualTo(5));
		}
	}

	@Test
	void urlCanChangeTheDriversParametersButNotShowRows() throws SQLException {
		String parameters = "?socketTimeout=7&logServerErrorDetail=true";
		try (StoragePool pool = pool("DATABASE_URL", url("postgres", parameters));
				Connection connection = pool.dataSource().getConnection();
				Statement statement = connection.createStatement()) {
			assertThat(connection.getNetworkTimeout()).isEqualTo(7_000);
			statement.execute("CREATE TEMP TABLE strict (word text CHECK (word = 'good'))");
			assertThatExceptionOfType(SQLException.class)
				.isThrownBy(() -> statement.execute("INSERT INTO strict VALUES ('c4n' || '4ry')"))
				.withMessageContaining("strict")
				.withMessageNotContaining("c4n4ry");
		}
	}

	@Test
	void waitsNoLongerThanTheConnectTimeoutWhenAllAreTaken() throws SQLException {
		try (StoragePool pool = pool("DATABASE_URL", url("postgres", ""), "DB_POOL_MAX_SIZE", "2",
				"DB_POOL_CONNECT_TIMEOUT", "300ms");
				Connection first = pool.dataSource().getConnection();
				Connection second = pool.dataSource().getConnection()) {
			assertThat(first.isValid(1)).isTrue();
			assertThat(second.isValid(1)).isTrue();
			assertThatExceptionOfType(SQLTransientConnectionException.class)
				.isThrownBy(() -> pool.dataSource().getConnection())
				.withMessageContaining("observatory-storage - Connection is not available")
				.withMessageContaining("active=2");
		}
	}

	@Test
	void isMadeWhileTheDatabaseIsDown() throws IOException {
		String url = "postgres://postgres@localhost:" + unusedPort() + "/postgres";
		try (StoragePool pool = pool("DATABASE_URL", url, "DB_POOL_CONNECT_TIMEOUT", "500ms")) {
			assertThatExceptionOfType(SQLTransientConnectionException.class)
				.isThrownBy(() -> pool.dataSource().getConnection())
				.satisfies((thrown) -> assertThat(thrown.getSQLState()).isEqualTo("08001"));
		}
	}

	@Test
	void aServerThatDoesNotAnswerHoldsUpNobody() throws IOException {
		try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
			String url = "postgres://postgres@localhost:" + silent.getLocalPort() + "/postgres";
			long start = System.nanoTime();
			try (StoragePool pool = pool("DATABASE_URL", url, "DB_POOL_CONNECT_TIMEOUT", "1s")) {
				assertThatExceptionOfType(SQLTransientConnectionException.class)
					.isThrownBy(() -> pool.dataSource().getConnection());
			}
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(8));
		}
	}

	@Test
	void threadsAreNamedDaemonsAndEnd() throws SQLException {
		try (StoragePool pool = pool("DATABASE_URL", url("postgres", ""));
				Connection connection = pool.dataSource().getConnection()) {
			assertThat(connection.isValid(1)).isTrue();
			assertThat(threads()).isNotEmpty().allSatisfy((thread) -> assertThat(thread.isDaemon()).isTrue());
		}
		await().untilAsserted(() -> assertThat(threads()).isEmpty());
	}

	@Test
	void closeEndsAllConnectionsAndIsIdempotent() throws SQLException {
		String count = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'it-close'";
		StoragePool pool = pool("DATABASE_URL", url("postgres", ""), "DB_APP_NAME", "it-close");
		await().untilAsserted(() -> assertThat(query(count)).isEqualTo("5"));
		pool.close();
		assertThatNoException().isThrownBy(pool::close);
		await().untilAsserted(() -> assertThat(query(count)).isEqualTo("0"));
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> pool.dataSource().getConnection())
			.withMessageContaining("closed");
	}

	@Test
	void noWarningForAnyPoolOurConfigurationAllows() throws SQLException {
		List<String[]> allowed = List.of(new String[] { "DB_POOL_MAX_SIZE", "1" },
				new String[] { "DB_POOL_MAX_SIZE", "3", "DB_POOL_IDLE_TIMEOUT", "10s" },
				new String[] { "DB_POOL_MIN_SIZE", "0" }, new String[] { "DB_POOL_MAX_LIFETIME", "30s" },
				new String[] { "DB_POOL_MAX_LIFETIME", "2m" },
				new String[] { "DB_POOL_MAX_LIFETIME", "31s", "DB_POOL_IDLE_TIMEOUT", "30s" },
				new String[] { "DB_POOL_MAX_LIFETIME", "0", "DB_POOL_IDLE_TIMEOUT", "0" },
				new String[] { "DB_POOL_CONNECT_TIMEOUT", "250ms" });
		try (Logs logs = new Logs(Level.INFO)) {
			for (String[] variables : allowed) {
				Map<String, String> all = variables(variables);
				all.put("DATABASE_URL", url("postgres", ""));
				try (StoragePool pool = new StoragePool(StorageConfig.fromEnv(all));
						Connection connection = pool.dataSource().getConnection()) {
					assertThat(connection.isValid(1)).isTrue();
				}
			}
			assertThat(logs.events).allSatisfy((event) -> assertThat(event.getLevel()).isEqualTo(Level.INFO))
				.noneSatisfy((event) -> assertThat(event.getFormattedMessage()).contains("Failed"));
		}
	}

	@Test
	void noSecretIsShown() {
		String wrong = url("canary:not" + ENCODED, "?sslpassword=" + ENCODED);
		List<String> shown = new ArrayList<>();
		DriverLogs driver = new DriverLogs();
		try (Logs logs = new Logs(Level.TRACE)) {
			try (StoragePool pool = pool("DATABASE_URL", wrong, "DB_POOL_CONNECT_TIMEOUT", "4s")) {
				SQLException thrown = catchThrowableOfType(SQLException.class, () -> pool.dataSource().getConnection());
				for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
					shown.add(cause.toString());
				}
				assertThat(shown).anyMatch((message) -> message.contains("password authentication failed"));
				shown.add(pool.toString());
				shown.add(pool.dataSource().toString());
			}
			assertThat(logs.events).as("Hikari's configuration at debug")
				.anyMatch((event) -> event.getFormattedMessage().startsWith("dataSource..."));
			logs.events.forEach((event) -> shown.add(event.getFormattedMessage() + event.getThrowableProxy()));
		}
		finally {
			driver.close();
		}
		assertThat(driver.lines).anyMatch((line) -> line.contains("StartupPacket"));
		shown.addAll(driver.lines);
		assertThat(shown).noneMatch((text) -> text.contains("c4n4ry"));
	}

	private static StoragePool pool(String... namesAndValues) {
		return new StoragePool(StorageConfig.fromEnv(variables(namesAndValues)));
	}

	private static Map<String, String> variables(String... namesAndValues) {
		Map<String, String> variables = new HashMap<>();
		for (int i = 0; i < namesAndValues.length; i += 2) {
			variables.put(namesAndValues[i], namesAndValues[i + 1]);
		}
		return variables;
	}

	private static String url(String login, String parameters) {
		return "postgres://" + login + "@localhost:" + postgres.getPort() + "/postgres" + parameters;
	}

	private static List<Thread> threads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().startsWith(StoragePool.NAME))
			.toList();
	}

	private static int unusedPort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0)) {
			return socket.getLocalPort();
		}
	}

	private static void execute(String sql) throws SQLException {
		try (Connection connection = postgres.getPostgresDatabase().getConnection();
				Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

	private static String query(String sql) throws SQLException {
		try (Connection connection = postgres.getPostgresDatabase().getConnection()) {
			return value(connection, sql);
		}
	}

	private static String value(Connection connection, String sql) throws SQLException {
		try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(sql)) {
			rows.next();
			return rows.getString(1);
		}
	}

	/** All that is logged through slf4j while it is open, instead of the console. */
	private static final class Logs implements AutoCloseable {

		private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);

		/** Other tests make it quiet. */
		private final Logger hikari = (Logger) LoggerFactory.getLogger("com.zaxxer.hikari");

		private final Level before = this.root.getLevel();

		private final Level hikariBefore = this.hikari.getLevel();

		private final Appender<ILoggingEvent> console = this.root.getAppender("console");

		private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

		private final List<ILoggingEvent> events = new CopyOnWriteArrayList<>();

		Logs(Level level) {
			this.appender.list = this.events;
			this.appender.start();
			this.root.addAppender(this.appender);
			this.root.detachAppender(this.console);
			this.root.setLevel(level);
			this.hikari.setLevel(level);
		}

		@Override
		public void close() {
			this.root.setLevel(this.before);
			this.hikari.setLevel(this.hikariBefore);
			this.root.addAppender(this.console);
			this.root.detachAppender(this.appender);
		}

	}

	/** All that the driver logs while it is open; it uses java.util.logging. */
	private static final class DriverLogs extends Handler {

		private final java.util.logging.Logger driver = java.util.logging.Logger.getLogger("org.postgresql");

		private final List<String> lines = new CopyOnWriteArrayList<>();

		DriverLogs() {
			this.driver.addHandler(this);
			this.driver.setUseParentHandlers(false);
			this.driver.setLevel(java.util.logging.Level.ALL);
		}

		@Override
		public void publish(LogRecord record) {
			this.lines.add(new SimpleFormatter().format(record));
		}

		@Override
		public void flush() {
		}

		@Override
		public void close() {
			this.driver.setLevel(null);
			this.driver.setUseParentHandlers(true);
			this.driver.removeHandler(this);
		}

	}

}
