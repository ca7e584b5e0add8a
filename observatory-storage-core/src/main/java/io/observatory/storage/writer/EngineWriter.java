package io.observatory.storage.writer;

import java.util.concurrent.CompletableFuture;

import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.engine.Admission;
import io.observatory.storage.engine.AutoFlush;
import io.observatory.storage.engine.Engine;
import io.observatory.storage.stats.BufferStats;
import io.observatory.storage.stats.FlushResult;
import io.observatory.storage.stats.SpoolStats;
import io.observatory.storage.stats.WriteStats;
import io.observatory.storage.stats.WriterStatus;
import org.jspecify.annotations.Nullable;

/**
 * The part of a writer that does not depend on what it writes.
 */
abstract sealed class EngineWriter implements Writer permits LogWriter, MetricWriter, TraceWriter {

	private final Engine engine;

	private final Redaction redaction;

	EngineWriter(Engine engine) {
		this.engine = engine;
		this.redaction = new Redaction(engine.config().redactor());
	}

	final Admission admission() {
		return this.engine.admission();
	}

	final Redaction redaction() {
		return this.redaction;
	}

	@Override
	public final String name() {
		return this.engine.name();
	}

	@Override
	public final FlushResult flush() {
		return this.engine.flush();
	}

	@Override
	public final CompletableFuture<FlushResult> flushAsync() {
		return this.engine.flushAsync();
	}

	@Override
	public final void requestFlush() {
		this.engine.requestFlush();
	}

	@Override
	public final void renewLanes() {
		this.engine.renewLanes();
	}

	@Override
	public final AutoFlush startAutoFlush() {
		return this.engine.startAutoFlush();
	}

	@Override
	public final void pause() {
		this.engine.pause(true);
	}

	@Override
	public final void resume() {
		this.engine.pause(false);
	}

	@Override
	public final BufferStats bufferStats() {
		return this.engine.bufferStats();
	}

	@Override
	public final @Nullable SpoolStats spoolStats() {
		return this.engine.spoolStats();
	}

	@Override
	public final WriteStats writeStats() {
		return this.engine.writeStats();
	}

	@Override
	public final WriterStatus status() {
		return this.engine.status();
	}

	@Override
	public final WriterConfig config() {
		return this.engine.config();
	}

	@Override
	public final void close() {
		this.engine.close();
	}

}
