package io.observatory.storage.table;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

import com.zaxxer.hikari.HikariDataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Changes the SQL of prepared statements on its way, to break it on purpose.
 */
final class RewritingDataSource extends DelegatingDataSource implements AutoCloseable {

	private final UnaryOperator<String> rewriting;

	private final AtomicLong rewritten = new AtomicLong();

	private final HikariDataSource pool;

	RewritingDataSource(HikariDataSource pool, UnaryOperator<String> rewriting) {
		super(pool);
		this.pool = pool;
		this.rewriting = rewriting;
	}

	/** Returns how many statements were changed. */
	long rewritten() {
		return this.rewritten.get();
	}

	@Override
	public Connection getConnection() throws SQLException {
		Connection connection = super.getConnection();
		return (Connection) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { Connection.class },
				(proxy, method, arguments) -> {
					if (method.getName().equals("prepareStatement")) {
						arguments[0] = rewrite((String) arguments[0]);
					}
					try {
						return method.invoke(connection, arguments);
					}
					catch (InvocationTargetException ex) {
						throw ex.getCause();
					}
				});
	}

	@Override
	public void close() {
		this.pool.close();
	}

	private String rewrite(String sql) {
		String other = this.rewriting.apply(sql);
		if (!other.equals(sql)) {
			this.rewritten.incrementAndGet();
		}
		return other;
	}

}
