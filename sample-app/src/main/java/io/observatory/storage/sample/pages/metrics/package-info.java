/**
 * The pages about metrics: gauges as values, counters as rates, histograms as quantiles.
 */
@NullMarked
package io.observatory.storage.sample.pages.metrics;

import org.jspecify.annotations.NullMarked;
