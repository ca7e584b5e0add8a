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
 * Stores what is buffered when the application ends: after the web server has answered
 * its last request, before any bean is destroyed.
 * <p>
 * The writers stay open, for what other beans write while they are destroyed; each drains
 * once more when its own turn comes. A writer whose flush failed is closed here, all of
 * them at once: closed in turn, each would wait its time for a database that is not
 * there.
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
	 * A paused application (a test context that waits in the cache) keeps its writers.
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
	 * On a thread of its own: a stop that blocks ignores the phase's time-out.
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
	 * Takes a quarter of the time at most, since a close after it takes the whole again.
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
