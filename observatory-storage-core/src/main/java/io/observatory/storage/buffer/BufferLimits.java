package io.observatory.storage.buffer;

/**
 * The bounds of a buffer and of its batches.
 *
 * @param batchSize how many rows make a slot take a batch
 * @param maxBatchRows the most rows in a batch
 * @param maxBatchBytes the most bytes in a batch; a single larger row makes a batch of
 * its own
 * @param maxRows the most rows buffered and in flight
 * @param maxBytes the most bytes buffered and in flight
 */
public record BufferLimits(int batchSize, int maxBatchRows, long maxBatchBytes, long maxRows, long maxBytes) {
}
