package io.observatory.storage.session;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections within a time, whatever the data source does: it is asked on another
 * thread, and a connection that comes too late is closed. HikariCP keeps a time of its
 * own, {@code connectionTimeout}, and needs no other thread. Thread-safe.
 */
final class Connector {

	/** More threads than these are not left hanging in the data source. */
	private static final int MAX_OPENING = 64;

	private static final int IDLE_SECONDS = 1;

	private final DataSource dataSource;

	private final ThreadPoolExecutor threads;

	Connector(String name, DataSource dataSource) {
		this.dataSource = dataSource;
		this.threads = new ThreadPoolExecutor(0, MAX_OPENING, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(),
				(task) -> Untraced.daemon(task, "observatory-" + name + "-connect"));
	}

	Connection open(Duration time) throws SQLException {
		if (this.dataSource instanceof HikariDataSource) {
			return this.dataSource.getConnection();
		}
		CompletableFuture<Connection> opened = new CompletableFuture<>();
		try {
			this.threads.execute(() -> open(opened));
			return opened.get(time.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (RejectedExecutionException | TimeoutException ex) {
			return inTimeOr(opened, new SQLTransientConnectionException("The data source hangs"));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return inTimeOr(opened, new SQLTransientConnectionException("Interrupted while waiting for a connection"));
		}
		catch (ExecutionException ex) {
			throw failure(ex.getCause());
		}
	}

	private void open(CompletableFuture<Connection> opened) {
		try {
			Connection connection = this.dataSource.getConnection();
			if (!opened.complete(connection)) {
				Connections.close(connection);
			}
		}
		catch (SQLException | RuntimeException | Error ex) {
			opened.completeExceptionally(ex);
		}
	}

	/** It may have come just now; otherwise whoever brings it finds that it is late. */
	private static Connection inTimeOr(CompletableFuture<Connection> opened, SQLException late) throws SQLException {
		if (opened.completeExceptionally(late) || opened.isCompletedExceptionally()) {
			throw late;
		}
		return opened.join();
	}

	private static SQLException failure(@Nullable Throwable cause) {
		if (cause instanceof SQLException sql) {
			return sql;
		}
		if (cause instanceof Error error) {
			throw error;
		}
		throw (cause instanceof RuntimeException failure) ? failure : new IllegalStateException(cause);
	}

}
