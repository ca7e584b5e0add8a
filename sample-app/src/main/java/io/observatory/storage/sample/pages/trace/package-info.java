/**
 * One trace, its spans as a waterfall and what a span says; and a conversation, whose
 * messages are read from the calls of its traces.
 */
@NullMarked
package io.observatory.storage.sample.pages.trace;

import org.jspecify.annotations.NullMarked;
