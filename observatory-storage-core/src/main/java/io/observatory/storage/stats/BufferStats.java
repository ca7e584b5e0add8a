package io.observatory.storage.stats;

/**
 * How full a writer's buffer is.
 *
 * @param rows rows that wait to be sent
 * @param bytes their bytes
 * @param maxRows maximum number of rows, buffered and in flight; a buffer on disk has
 * none
 * @param maxBytes maximum number of bytes, buffered and in flight
 * @param inFlightRows rows that are being sent, or whose outcome is not known yet
 * @param inFlightBytes their bytes
 */
public record BufferStats(long rows, long bytes, long maxRows, long maxBytes, long inFlightRows, long inFlightBytes) {
}
