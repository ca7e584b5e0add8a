package io.observatory.storage.session;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;

/**
 * Aborts connections whose transaction is past its deadline. The driver's own socket
 * timeout does not bound a COPY that writes to a frozen server; only an abort from
 * another thread frees it. Nothing else runs on its timer, and the thread of that ends
 * when there has been nothing to watch for a while.
 */
final class Watchdog {

	private static final int IDLE_SECONDS = 1;

	private final ScheduledThreadPoolExecutor timer;

	private final Set<Guard> guards = ConcurrentHashMap.newKeySet();

	Watchdog(String name) {
		this.timer = new ScheduledThreadPoolExecutor(1,
				(task) -> Untraced.daemon(task, "observatory-" + name + "-deadlines"));
		this.timer.setRemoveOnCancelPolicy(true);
		this.timer.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
		this.timer.allowCoreThreadTimeOut(true);
	}

	/**
	 * Watches a connection until the returned guard is closed.
	 */
	Guard watch(Connection connection, Duration deadline) {
		Guard guard = new Guard(connection);
		this.guards.add(guard);
		guard.timeout = this.timer.schedule(guard::abort, deadline.toMillis(), TimeUnit.MILLISECONDS);
		return guard;
	}

	/** Aborts all connections that are watched now. */
	void abortAll() {
		this.guards.forEach(Guard::abort);
	}

	/**
	 * Aborts a connection, on a thread of its own: under TLS the driver's abort may
	 * itself wait for the write that hangs.
	 */
	static void abort(Connection connection, Runnable then) {
		Untraced.daemon(() -> {
			try {
				connection.abort(Runnable::run);
			}
			catch (SQLException | RuntimeException ex) {
				// the connection is of no use either way: whoever waits for it gets an
				// exception
			}
			finally {
				then.run();
			}
		}, "observatory-abort").start();
	}

	/**
	 * The watch over one connection. Once it is closed the connection is not aborted any
	 * more, so that it can go back to its pool.
	 */
	final class Guard implements AutoCloseable {

		private static final int MAX_WAIT_SECONDS = 5;

		private final Connection connection;

		private final AtomicBoolean over = new AtomicBoolean();

		private final CountDownLatch aborted = new CountDownLatch(1);

		private volatile @Nullable ScheduledFuture<?> timeout;

		private Guard(Connection connection) {
			this.connection = connection;
		}

		/** Returns whether the connection was, or is being, aborted. */
		boolean isOver() {
			return this.over.get();
		}

		private void abort() {
			if (this.over.compareAndSet(false, true)) {
				Watchdog.abort(this.connection, this.aborted::countDown);
			}
		}

		@Override
		public void close() {
			Watchdog.this.guards.remove(this);
			ScheduledFuture<?> pending = this.timeout;
			if (pending != null) {
				pending.cancel(false);
			}
			if (!this.over.compareAndSet(false, true)) {
				awaitAborted();
			}
		}

		private void awaitAborted() {
			try {
				this.aborted.await(MAX_WAIT_SECONDS, TimeUnit.SECONDS);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

	}

}
