package io.observatory.storage.buffer.disk;

import java.time.Instant;

/**
 * What is wrong with the disk.
 *
 * @param reason why it does not work, without any record's content
 * @param since since when
 */
public record DiskFailure(String reason, Instant since) {
}
