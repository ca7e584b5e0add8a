package io.observatory.storage.writer;

import java.util.concurrent.CompletableFuture;

import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.engine.AutoFlush;
import io.observatory.storage.error.StorageException;
import io.observatory.storage.stats.BufferStats;
import io.observatory.storage.stats.FlushResult;
import io.observatory.storage.stats.SpoolStats;
import io.observatory.storage.stats.WriteStats;
import io.observatory.storage.stats.WriterStatus;
import org.jspecify.annotations.Nullable;

/**
 * What all writers have in common.
 * <p>
 * A record that {@code write…} takes without an exception is <em>accepted</em>: it will
 * be stored once, or be counted as dead-lettered or dropped. Accepted records are in
 * memory until they are stored; the death of the process loses them. With a
 * {@linkplain WriterConfig#spool() spool} they are on disk, and the next process stores
 * them.
 * <p>
 * Batches are sent by the writer's own threads, named {@code observatory-<name>-<slot>}.
 * The caller waits only when the buffer is full. Thread-safe.
 */
public interface Writer extends AutoCloseable {

	/** Returns the writer's name: logs, metrics or traces. */
	String name();

	/**
	 * Stores what was accepted before the call, and waits for it.
	 * @throws StorageException when a batch could not be stored in one retry cycle, or
	 * within the flush timeout. Nothing is lost by it: the batches stay and are retried
	 * in the background
	 */
	FlushResult flush();

	/**
	 * Stores what was accepted before the call. The future fails as {@link #flush()}
	 * does. It is completed by a thread of its own, so that its callbacks may block.
	 */
	CompletableFuture<FlushResult> flushAsync();

	/** Has what is buffered sent now, without waiting for it. */
	void requestFlush();

	/**
	 * Starts the time-based flush, every {@link WriterConfig#flushInterval()}, on a
	 * thread of the writer. For programs in which nobody else calls
	 * {@link #requestFlush()}.
	 */
	AutoFlush startAutoFlush();

	/**
	 * Says in the database that the writer is alive. The rows by which it knows what is
	 * stored are cleaned up when they have not changed for 30 days, so a program that may
	 * be idle for longer calls this now and then; the Spring Boot starter does. Goes to
	 * the database on the caller's thread.
	 * @throws StorageException when that did not succeed; call it again later
	 */
	void renewLanes();

	/** Stops sending; records are still accepted, until the buffer is full. */
	void pause();

	/** Goes on sending. */
	void resume();

	/** Returns how full the buffer is. */
	BufferStats bufferStats();

	/** Returns how full the spool on disk is, or null if the buffer is in memory. */
	@Nullable SpoolStats spoolStats();

	/** Returns what became of the records. */
	WriteStats writeStats();

	/** Returns how the writer is doing. */
	WriterStatus status();

	/** Returns the configuration. */
	WriterConfig config();

	/**
	 * Refuses further records, stores what is buffered, and ends the writer's threads,
	 * all within {@link WriterConfig#closeTimeout()}. What could not be stored by then is
	 * counted as dropped and logged. With a spool it is kept for the next process; then
	 * closing does not wait for a database that cannot be reached. Further calls wait for
	 * the first and do nothing.
	 */
	@Override
	void close();

}
