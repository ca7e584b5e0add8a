package io.observatory.storage.stats;

import java.time.Duration;

/**
 * The result of a flush.
 *
 * @param rows how many rows were buffered or in flight when it began
 * @param stored how many rows its batches stored, some of which may have been accepted
 * while it ran
 * @param deadLettered how many rows its batches put into {@code dead_letters}
 * @param duration how long it took
 */
public record FlushResult(long rows, long stored, long deadLettered, Duration duration) {
}
