package io.observatory.storage.config;

import java.time.Duration;
import java.util.Properties;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.observatory.storage.session.Untraced;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * A connection pool (HikariCP) for programs without Spring. It can be made while the
 * database is down: connections are opened in the background and when they are asked for.
 * <p>
 * Close it after the writers that use it. Its threads are daemon threads.
 */
public final class StoragePool implements AutoCloseable {

	/** The name in log lines and of its threads. */
	public static final String NAME = "observatory-storage";

	/** So that a firewall does not forget a connection that lies idle. */
	private static final Duration KEEPALIVE = Duration.ofMinutes(2);

	private static final Duration VALIDATION_TIMEOUT = Duration.ofSeconds(5);

	/** The longest that Hikari sleeps between two attempts to connect. */
	private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

	/** Twice the deadline of a flush, which ends a transaction long before. */
	private static final Duration SOCKET_TIMEOUT = WriterConfig.DEFAULT_FLUSH_TIMEOUT.multipliedBy(2);

	private final HikariDataSource dataSource;

	public StoragePool(StorageConfig config) {
		this.dataSource = new HikariDataSource(hikari(config));
	}

	public DataSource dataSource() {
		return this.dataSource;
	}

	/** Closes all connections, those in use too. Idempotent. */
	@Override
	public void close() {
		this.dataSource.close();
	}

	@Override
	public String toString() {
		return "StoragePool[" + NAME + "]";
	}

	private static HikariConfig hikari(StorageConfig config) {
		Duration connect = config.connectTimeout();
		boolean fixedSize = config.minPoolSize() == config.maxPoolSize();
		HikariConfig hikari = new HikariConfig();
		hikari.setPoolName(NAME);
		hikari.setDataSource(new DriverDataSource(config));
		hikari.setMaximumPoolSize(config.maxPoolSize());
		hikari.setMinimumIdle(config.minPoolSize());
		hikari.setConnectionTimeout(connect.toMillis());
		hikari.setValidationTimeout(Math.min(VALIDATION_TIMEOUT.toMillis(), connect.toMillis()));
		hikari.setIdleTimeout(fixedSize ? 0 : config.idleTimeout().toMillis());
		hikari.setMaxLifetime(config.maxLifetime().toMillis());
		hikari.setKeepaliveTime(outlivesKeepalive(config.maxLifetime()) ? KEEPALIVE.toMillis() : 0);
		hikari.setInitializationFailTimeout(-1);
		hikari.setThreadFactory((task) -> Untraced.daemon(task, NAME + "-pool"));
		return hikari;
	}

	private static boolean outlivesKeepalive(Duration maxLifetime) {
		return maxLifetime.isZero() || maxLifetime.compareTo(KEEPALIVE) > 0;
	}

	/**
	 * Opens the connections. With a URL of its own Hikari would set the login timeout of
	 * the whole JVM, and show the driver's parameters in its debug log,
	 * {@code sslpassword} among them.
	 */
	private static final class DriverDataSource extends DriverManagerDataSource {

		DriverDataSource(StorageConfig config) {
			setDriverClassName("org.postgresql.Driver");
			setUrl(config.jdbcUrl());
			setConnectionProperties(parameters(config));
		}

		private static Properties parameters(StorageConfig config) {
			Duration connect = config.connectTimeout();
			Properties parameters = new Properties();
			parameters.setProperty("ApplicationName", config.applicationName());
			parameters.setProperty("tcpKeepAlive", "true");
			parameters.setProperty("loginTimeout", seconds(connect));
			parameters.setProperty("connectTimeout", seconds(connect.dividedBy(config.hosts())));
			parameters.setProperty("socketTimeout", seconds(SOCKET_TIMEOUT));
			parameters.putAll(config.driverParameters());
			// the server's detail shows the row that failed
			parameters.setProperty("logServerErrorDetail", "false");
			parameters.setProperty("user", config.user());
			String password = config.password();
			if (password != null) {
				parameters.setProperty("password", password);
			}
			return parameters;
		}

		/** Rounded up, because the driver takes 0 for ever. */
		private static String seconds(Duration duration) {
			return Long.toString(duration.plusMillis(999).toSeconds());
		}

		@Override
		public void setLoginTimeout(int seconds) {
			// a parameter of the driver
		}

		/**
		 * Hikari asks for it to know how long its close may wait for an attempt to
		 * connect.
		 */
		@Override
		public int getLoginTimeout() {
			return Math.toIntExact(CLOSE_TIMEOUT.toSeconds());
		}

	}

}
