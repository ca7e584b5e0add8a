package io.observatory.storage.bench;

/**
 * What was measured in one cell of one round.
 *
 * @param rowsPerSecond the rate
 * @param cpuMicrosPerRow the CPU time of the whole JVM
 */
record Measurement(double rowsPerSecond, double cpuMicrosPerRow) {
}
