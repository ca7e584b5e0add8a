/**
 * The first page: calls, errors, latency, tokens and cost over time.
 */
@NullMarked
package io.observatory.storage.sample.pages.overview;

import org.jspecify.annotations.NullMarked;
