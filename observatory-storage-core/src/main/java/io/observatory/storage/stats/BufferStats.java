package io.observatory.storage.stats;

import org.jspecify.annotations.Nullable;

/**
 * How full a writer's buffer is.
 *
 * @param rows rows that wait to be sent
 * @param bytes their bytes
 * @param maxRows maximum number of rows, buffered and in flight, or null: a buffer on
 * disk is bounded by its bytes alone
 * @param maxBytes maximum number of bytes, buffered and in flight
 * @param inFlightRows rows that are being sent, or whose outcome is not known yet
 * @param inFlightBytes their bytes
 */
public record BufferStats(long rows, long bytes, @Nullable Long maxRows, long maxBytes, long inFlightRows,
		long inFlightBytes) {
}
