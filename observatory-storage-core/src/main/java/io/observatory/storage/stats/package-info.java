/**
 * Statistics and state of the writers.
 */
@NullMarked
package io.observatory.storage.stats;

import org.jspecify.annotations.NullMarked;
