package io.observatory.storage.fault;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;

import javax.sql.DataSource;

/**
 * A data source whose connections cannot be aborted: a sabotage.
 */
final class AbortOff {

	private AbortOff() {
	}

	static DataSource on(DataSource dataSource) {
		return wrap(DataSource.class, dataSource);
	}

	private static <T> T wrap(Class<T> type, T target) {
		return type.cast(Proxy.newProxyInstance(AbortOff.class.getClassLoader(), new Class<?>[] { type },
				(proxy, method, args) -> {
					if (method.getName().equals("abort")) {
						return null;
					}
					try {
						Object result = method.invoke(target, args);
						return method.getName().equals("getConnection") ? wrap(Connection.class, (Connection) result)
								: result;
					}
					catch (InvocationTargetException ex) {
						throw ex.getCause();
					}
				}));
	}

}
