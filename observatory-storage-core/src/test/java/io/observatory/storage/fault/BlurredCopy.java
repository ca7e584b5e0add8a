package io.observatory.storage.fault;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;

import javax.sql.DataSource;

import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyManager;
import org.postgresql.core.BaseConnection;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * A data source whose COPY says of a refused row only that it failed (XX000), as Citus
 * does when the row belongs on another node: no constraint, and no line.
 */
final class BlurredCopy {

	private static final String REFUSED_ROW = "23";

	private BlurredCopy() {
	}

	static DataSource on(DataSource dataSource) {
		return replacing(DataSource.class, dataSource, "getConnection",
				(connection) -> replacing(Connection.class, connection, "unwrap",
						(postgres) -> replacing(PGConnection.class, postgres, "getCopyAPI",
								(api) -> new Blurred((BaseConnection) postgres))));
	}

	/** Returns the target with another result of one of its methods. */
	private static <T> T replacing(Class<T> type, Object target, String name, Replacement replacement) {
		return proxy(type, (proxy, method, arguments) -> {
			try {
				Object result = method.invoke(target, arguments);
				return method.getName().equals(name) ? replacement.of(result) : result;
			}
			catch (InvocationTargetException ex) {
				throw ex.getCause();
			}
		});
	}

	private static CopyIn blurring(CopyIn copy) {
		return proxy(CopyIn.class, (proxy, method, arguments) -> {
			try {
				return method.invoke(copy, arguments);
			}
			catch (InvocationTargetException ex) {
				throw blurred(ex.getCause());
			}
		});
	}

	private static Throwable blurred(Throwable failure) {
		boolean refused = failure instanceof SQLException sql && sql.getSQLState().startsWith(REFUSED_ROW);
		return refused ? new PSQLException(new ServerErrorMessage("SERROR\0CXX000\0Mfailure on another node\0"))
				: failure;
	}

	private static <T> T proxy(Class<T> type, InvocationHandler handler) {
		return type.cast(Proxy.newProxyInstance(BlurredCopy.class.getClassLoader(), new Class<?>[] { type }, handler));
	}

	/** What stands in the place of a result. */
	private interface Replacement {

		Object of(Object result) throws SQLException;

	}

	private static final class Blurred extends CopyManager {

		Blurred(BaseConnection connection) throws SQLException {
			super(connection);
		}

		@Override
		public CopyIn copyIn(String sql) throws SQLException {
			return blurring(super.copyIn(sql));
		}

	}

}
