/**
 * The list of traces, and one trace: its spans as a waterfall, and what a span says.
 */
@NullMarked
package io.observatory.storage.sample.pages.traces;

import org.jspecify.annotations.NullMarked;
