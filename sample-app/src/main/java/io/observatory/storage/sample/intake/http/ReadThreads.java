package io.observatory.storage.sample.intake.http;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/**
 * The threads that read bodies as they arrive, and end those that take too long. The
 * server's own threads stay free for other requests, however many senders there are. Each
 * connection has at most one task.
 */
@Component
public final class ReadThreads implements DisposableBean {

	private static final int COUNT = 2;

	private final ScheduledThreadPoolExecutor threads;

	ReadThreads() {
		AtomicInteger number = new AtomicInteger();
		this.threads = new ScheduledThreadPoolExecutor(COUNT, (task) -> {
			Thread thread = new Thread(task, "intake-read-" + number.getAndIncrement());
			thread.setDaemon(true);
			return thread;
		});
		this.threads.setRemoveOnCancelPolicy(true);
	}

	void execute(Runnable task) {
		this.threads.execute(task);
	}

	ScheduledFuture<?> schedule(Runnable task, Duration delay) {
		return this.threads.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
	}

	@Override
	public void destroy() {
		this.threads.shutdownNow();
	}

}
