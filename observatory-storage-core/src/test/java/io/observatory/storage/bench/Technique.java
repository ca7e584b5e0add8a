package io.observatory.storage.bench;

/**
 * A way to get records into the database.
 */
interface Technique {

	/** Returns the name that the report calls it by. */
	String name();

	/** Returns the most rows in a batch. */
	int batch();

	/**
	 * Returns which part of a workload's rows it is measured with, so that a slow one
	 * does not take all the time.
	 */
	double share();

	/** Opens what is needed to store records over so many connections. */
	<T> Session open(Workload<T> workload, int connections);

	/**
	 * What is open for one measurement.
	 */
	interface Session extends AutoCloseable {

		/** Stores the records from one number to another; runs on several threads. */
		void store(long from, long to);

		/** Returns when all records are stored. */
		default void finish() {
		}

		@Override
		default void close() {
		}

	}

}
