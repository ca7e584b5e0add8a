package io.observatory.storage.stats;

/**
 * How full a writer's buffer is.
 *
 * @param rows rows that wait for a slot
 * @param bytes their bytes
 * @param maxRows the bound of rows, buffered and in flight
 * @param maxBytes the bound of bytes, buffered and in flight
 * @param inFlightRows rows whose outcome is not known yet
 * @param inFlightBytes their bytes
 */
public record BufferStats(long rows, long bytes, long maxRows, long maxBytes, long inFlightRows, long inFlightBytes) {
}
