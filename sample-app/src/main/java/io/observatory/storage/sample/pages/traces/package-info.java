/**
 * The list of traces, with its filters.
 */
@NullMarked
package io.observatory.storage.sample.pages.traces;

import org.jspecify.annotations.NullMarked;
