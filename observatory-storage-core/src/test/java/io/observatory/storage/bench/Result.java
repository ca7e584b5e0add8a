package io.observatory.storage.bench;

/**
 * What a technique reached on a table.
 *
 * @param table the table
 * @param technique the technique
 * @param connections over how many connections
 * @param batch the most rows in a batch
 * @param rowsPerSecond the rate
 * @param limitRowsPerSecond the rate of the server's own COPY over as many sessions
 * @param ratio of the rate to the limit of the same round
 * @param cpuMicrosPerRow the CPU time of the whole JVM
 * @param allocatedBytesPerRow what all its threads allocated when no buffer had to grow,
 * the records aside
 */
record Result(String table, String technique, int connections, int batch, Spread rowsPerSecond,
		Spread limitRowsPerSecond, Spread ratio, Spread cpuMicrosPerRow, double allocatedBytesPerRow) {
}
