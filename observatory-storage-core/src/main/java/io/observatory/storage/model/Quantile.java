package io.observatory.storage.model;

/**
 * A quantile of a summary.
 *
 * @param quantile which, from 0 to 1
 * @param value the value at it
 */
public record Quantile(double quantile, double value) {
}
