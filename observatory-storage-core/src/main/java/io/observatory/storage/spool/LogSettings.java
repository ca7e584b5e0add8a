package io.observatory.storage.spool;

import java.time.Clock;

/**
 * How a log is written.
 *
 * @param segmentBytes about how large a file gets, in bytes
 * @param forced whether an append waits until its rows are on the disk, and not only with
 * the operating system
 * @param clock says when rows were accepted
 */
public record LogSettings(long segmentBytes, boolean forced, Clock clock) {
}
