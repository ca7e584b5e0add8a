/**
 * What the writers tell about themselves.
 */
@NullMarked
package io.observatory.storage.stats;

import org.jspecify.annotations.NullMarked;
