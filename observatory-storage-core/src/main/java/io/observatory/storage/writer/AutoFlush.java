package io.observatory.storage.writer;

/**
 * A running time-based flush.
 */
public interface AutoFlush extends AutoCloseable {

	/** Stops it. What is buffered stays buffered. */
	@Override
	void close();

}
