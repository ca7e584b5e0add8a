package io.observatory.storage.bench;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

import javax.sql.DataSource;

import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyManager;
import org.postgresql.core.BaseConnection;

/**
 * A database that says at once that all is done, and does nothing: every lane moves, no
 * query finds anything, every row is new.
 */
final class NullDatabase {

	private NullDatabase() {
	}

	static DataSource dataSource() throws SQLException {
		PGConnection copying = answering(PGConnection.class, Map.of("getCopyAPI", new NullCopy()));
		ResultSet none = answering(ResultSet.class, Map.of());
		ResultSet moved = answering(ResultSet.class, Map.of("next", true));
		Statement statement = answering(Statement.class, Map.of("execute", true, "getResultSet", moved));
		PreparedStatement query = answering(PreparedStatement.class,
				Map.of("executeQuery", none, "executeUpdate", Integer.MAX_VALUE, "getConnection",
						answering(Connection.class, Map.of())));
		Connection connection = answering(Connection.class, Map.of("createStatement", statement, "prepareStatement",
				query, "isWrapperFor", true, "unwrap", copying));
		return answering(DataSource.class, Map.of("getConnection", connection));
	}

	/** Returns something that answers as told, and else with nothing. */
	private static <T> T answering(Class<T> type, Map<String, Object> answers) {
		return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type },
				(proxy, method, arguments) -> answers.getOrDefault(method.getName(), nothing(method))));
	}

	private static Object nothing(Method method) {
		Class<?> type = method.getReturnType();
		if (type == boolean.class) {
			return false;
		}
		if (type == long.class) {
			return 0L;
		}
		return (type == int.class) ? 0 : null;
	}

	private static final class NullCopy extends CopyManager {

		private final CopyIn copy = answering(CopyIn.class, Map.of());

		NullCopy() throws SQLException {
			super(answering(BaseConnection.class, Map.of()));
		}

		@Override
		public CopyIn copyIn(String sql) {
			return this.copy;
		}

	}

}
