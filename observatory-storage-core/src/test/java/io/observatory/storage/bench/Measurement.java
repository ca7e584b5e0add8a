package io.observatory.storage.bench;

/**
 * What was measured in one cell of one round.
 *
 * @param rowsPerSecond the rate
 * @param cpuMicrosPerRow the CPU time of the whole JVM
 * @param allocatedBytesPerRow what all its threads allocated, the making of the records
 * included
 */
record Measurement(double rowsPerSecond, double cpuMicrosPerRow, double allocatedBytesPerRow) {
}
