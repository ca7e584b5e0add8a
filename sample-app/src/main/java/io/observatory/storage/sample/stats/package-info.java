/**
 * The counts of stored rows.
 */
@NullMarked
package io.observatory.storage.sample.stats;

import org.jspecify.annotations.NullMarked;
