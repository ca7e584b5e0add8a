/**
 * The metrics: gauges as they were, counters as rates, histograms as quantiles.
 */
@NullMarked
package io.observatory.storage.sample.pages.metrics;

import org.jspecify.annotations.NullMarked;
