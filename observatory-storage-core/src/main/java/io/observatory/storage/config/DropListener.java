package io.observatory.storage.config;

import io.observatory.storage.buffer.DropReason;
import io.observatory.storage.stats.WriteStats;

/**
 * Is told of every drop of accepted records, for an application that wants to do more
 * about it than read {@link WriteStats#dropped()} and the log.
 * <p>
 * Called on the thread that dropped them, which may be a caller's in its {@code write…}
 * or in {@code close()}, with no lock held, by many threads at once: be quick, and do not
 * write to a writer. What it throws is caught, and logged by its class name alone.
 */
@FunctionalInterface
public interface DropListener {

	/** Does nothing. */
	DropListener NONE = (drop) -> {
	};

	/** Called after records were dropped and counted, once for each of their tables. */
	void dropped(Drop drop);

	/**
	 * Records of one kind that were dropped at once.
	 *
	 * @param writer the writer's name
	 * @param reason why they were dropped
	 * @param table the table that they were for, such as {@code trace_spans}
	 * @param records how many, at least 1
	 */
	record Drop(String writer, DropReason reason, String table, long records) {
	}

}
