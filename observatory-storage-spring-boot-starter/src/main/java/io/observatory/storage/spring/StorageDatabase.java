package io.observatory.storage.spring;

import java.net.URI;
import java.net.URISyntaxException;
import java.sql.Connection;
import java.sql.SQLException;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfigMXBean;
import com.zaxxer.hikari.HikariDataSource;
import io.observatory.storage.config.StoragePool;
import io.observatory.storage.session.ConnectionLimit;
import io.observatory.storage.session.Untraced;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.jdbc.DataSourceUnwrapper;
import org.springframework.jdbc.datasource.AbstractDataSource;

/**
 * The database of the writers: the application's DataSource, or a pool for the writers
 * alone. The pool is not a bean, so that it does not affect what the application does
 * with its DataSource (JdbcTemplate, transactions, health).
 */
public final class StorageDatabase implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(StorageDatabase.class);

	private final DataSource dataSource;

	private final ConnectionLimit connectionLimit;

	private final @Nullable StoragePool ownPool;

	private final @Nullable String otherProduct;

	private StorageDatabase(DataSource dataSource, int maxConnections, @Nullable StoragePool ownPool,
			@Nullable String otherProduct) {
		this.dataSource = dataSource;
		this.connectionLimit = ConnectionLimit.of(maxConnections);
		this.ownPool = ownPool;
		this.otherProduct = otherProduct;
	}

	/**
	 * The application's DataSource. If it is not PostgreSQL, this logs a warning, once.
	 */
	public static StorageDatabase shared(DataSource dataSource, int maxConnections) {
		String otherProduct = Untraced.call(() -> otherProduct(dataSource));
		if (otherProduct != null) {
			logger.warn("The application's DataSource is {}, not PostgreSQL: records of the observatory writers are "
					+ "discarded. Set observatory.storage.datasource.url to a PostgreSQL database, or "
					+ "observatory.storage.enabled=false to go without the writers.", otherProduct);
		}
		return new StorageDatabase(dataSource, maxConnections, null, otherProduct);
	}

	/**
	 * A pool for the writers alone, closed with this object.
	 */
	public static StorageDatabase ownPool(StoragePool pool, int maxConnections) {
		return new StorageDatabase(pool.dataSource(), maxConnections, pool, null);
	}

	/**
	 * No database: records are discarded, without a warning. For tests.
	 */
	public static StorageDatabase none() {
		return new StorageDatabase(new NoDataSource(), 1, null, "none");
	}

	private static @Nullable String otherProduct(DataSource dataSource) {
		try (Connection connection = dataSource.getConnection()) {
			String product = connection.getMetaData().getDatabaseProductName();
			return "PostgreSQL".equals(product) ? null : product;
		}
		catch (SQLException | RuntimeException ex) {
			// It is down, or a routing DataSource without a route yet. The writers retry
			// later.
			return null;
		}
	}

	public DataSource dataSource() {
		return this.dataSource;
	}

	/**
	 * The bound on connections that all writers share.
	 */
	public ConnectionLimit connectionLimit() {
		return this.connectionLimit;
	}

	/**
	 * Whether it is a pool for the writers alone, and not the application's DataSource.
	 */
	public boolean isOwnPool() {
		return this.ownPool != null;
	}

	/**
	 * Whether records can be stored, that is whether the database is PostgreSQL, as far
	 * as known.
	 */
	public boolean isPostgres() {
		return this.otherProduct == null;
	}

	/**
	 * The host that its URL names, with the port if there is one, and nothing else that
	 * may be in a URL; null if there is none to see, or several.
	 */
	public @Nullable String address() {
		HikariDataSource pool = DataSourceUnwrapper.unwrap(this.dataSource, HikariConfigMXBean.class,
				HikariDataSource.class);
		if (pool == null || pool.getJdbcUrl() == null) {
			return null;
		}
		try {
			URI url = new URI(pool.getJdbcUrl().replaceFirst("^jdbc:", ""));
			return (url.getHost() != null) ? url.getAuthority().replaceFirst("^.*@", "") : null;
		}
		catch (URISyntaxException ex) {
			return null;
		}
	}

	@Override
	public void close() {
		if (this.ownPool != null) {
			this.ownPool.close();
		}
	}

	private static final class NoDataSource extends AbstractDataSource {

		@Override
		public Connection getConnection() throws SQLException {
			throw new SQLException("This is a test without a database for the writers");
		}

		@Override
		public Connection getConnection(String username, String password) throws SQLException {
			return getConnection();
		}

	}

}
