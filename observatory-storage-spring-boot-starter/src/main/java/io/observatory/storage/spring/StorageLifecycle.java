package io.observatory.storage.spring;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.observatory.storage.session.Untraced;
import io.observatory.storage.stats.WriterStatus;
import io.observatory.storage.writer.Writer;

import org.springframework.context.SmartLifecycle;

/**
 * Stores the buffered records when the application ends: after the web server has
 * answered its last request, and before any bean is destroyed.
 * <p>
 * The writers stay open, because other beans may write while they are destroyed. Each
 * writer is flushed once more when it is destroyed itself. Writers whose flush failed are
 * closed here, at the same time. Closed one after the other, each would wait for a
 * database that cannot be reached.
 */
public final class StorageLifecycle implements SmartLifecycle {

	/** Below the phases in which the web server drains and stops. */
	static final int PHASE = DEFAULT_PHASE - 4096;

	private final List<Writer> writers;

	private final Duration timeout;

	private volatile boolean running;

	public StorageLifecycle(List<Writer> writers, Duration timeout) {
		this.writers = writers;
		this.timeout = timeout;
	}

	@Override
	public void start() {
		this.running = true;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

	/**
	 * A paused application (a cached test context) keeps its writers.
	 */
	@Override
	public boolean isPauseable() {
		return false;
	}

	@Override
	public void stop() {
		drain();
		this.running = false;
	}

	/**
	 * In a thread of its own, because Spring cannot time out a stop that blocks.
	 */
	@Override
	public void stop(Runnable callback) {
		start("observatory-stop", () -> {
			try {
				stop();
			}
			finally {
				callback.run();
			}
		});
	}

	private void drain() {
		CompletableFuture.allOf(this.writers.stream().map(this::drain).toArray(CompletableFuture<?>[]::new)).join();
	}

	private CompletableFuture<Void> drain(Writer writer) {
		return flush(writer)
			.thenCompose((flushed) -> flushed ? CompletableFuture.completedFuture(null) : close(writer));
	}

	/**
	 * Takes at most a quarter of the time, because the close after it may take all of it
	 * again.
	 */
	private CompletableFuture<Boolean> flush(Writer writer) {
		if (writer.status().state() == WriterStatus.State.PAUSED) {
			return CompletableFuture.completedFuture(false);
		}
		return writer.flushAsync()
			.handle((result, failure) -> failure == null)
			.completeOnTimeout(false, this.timeout.toMillis() / 4, TimeUnit.MILLISECONDS);
	}

	private CompletableFuture<Void> close(Writer writer) {
		return CompletableFuture.runAsync(writer::close, (task) -> start("observatory-close-" + writer.name(), task));
	}

	private static void start(String name, Runnable task) {
		Untraced.daemon(task, name).start();
	}

}
