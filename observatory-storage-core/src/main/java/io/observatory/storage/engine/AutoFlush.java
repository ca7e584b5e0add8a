package io.observatory.storage.engine;

/**
 * A running time-based flush.
 */
public interface AutoFlush extends AutoCloseable {

	/** Stops it. What is buffered stays buffered. */
	@Override
	void close();

}
