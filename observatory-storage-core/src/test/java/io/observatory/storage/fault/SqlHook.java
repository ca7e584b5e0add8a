package io.observatory.storage.fault;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.function.UnaryOperator;

import javax.sql.DataSource;

/**
 * A data source that shows each statement's text to a hook, which may change it or throw.
 * COPY is not seen: it goes through the unwrapped connection.
 */
public final class SqlHook {

	private SqlHook() {
	}

	public static DataSource on(DataSource dataSource, UnaryOperator<String> hook) {
		return wrap(DataSource.class, dataSource, hook);
	}

	/** Takes the condition from the statement that moves a lane, not its parameters. */
	static DataSource laneOff(DataSource dataSource) {
		return on(dataSource,
				(sql) -> sql.replaceAll("(UPDATE \\S*lanes\\S* SET .*) AND epoch = \\? AND position = \\?",
						"$1 AND ?::bigint + ?::bigint IS NOT NULL"));
	}

	private static <T> T wrap(Class<T> type, T target, UnaryOperator<String> hook) {
		return type.cast(Proxy.newProxyInstance(SqlHook.class.getClassLoader(), new Class<?>[] { type },
				(proxy, method, args) -> {
					Object[] changed = args;
					if (args != null && args.length > 0 && args[0] instanceof String sql
							&& takesSql(method.getName())) {
						changed = args.clone();
						changed[0] = hook.apply(sql);
					}
					try {
						Object result = method.invoke(target, changed);
						// whoever unwraps wants the driver's own class
						return method.getName().equals("unwrap") ? result : wrapResult(result, hook);
					}
					catch (InvocationTargetException ex) {
						throw ex.getCause();
					}
				}));
	}

	private static boolean takesSql(String method) {
		return method.startsWith("execute") || method.startsWith("prepare");
	}

	private static Object wrapResult(Object result, UnaryOperator<String> hook) {
		if (result instanceof PreparedStatement) {
			return result;
		}
		if (result instanceof Statement statement) {
			return wrap(Statement.class, statement, hook);
		}
		if (result instanceof Connection connection) {
			return wrap(Connection.class, connection, hook);
		}
		return result;
	}

}
