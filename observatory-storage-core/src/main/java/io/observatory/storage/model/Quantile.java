package io.observatory.storage.model;

/**
 * A quantile of a summary.
 *
 * @param quantile the quantile, from 0 to 1
 * @param value the value at this quantile
 */
public record Quantile(double quantile, double value) {
}
