package io.observatory.storage.model;

/**
 * A bucket of a histogram.
 *
 * @param boundary its upper boundary, inclusive; infinite for the last one
 * @param count how many values fell into it, not cumulated
 */
public record Bucket(double boundary, long count) {
}
