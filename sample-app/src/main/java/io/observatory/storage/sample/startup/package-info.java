/**
 * Finds early what keeps the application from starting, and says what to do about it.
 */
@NullMarked
package io.observatory.storage.sample.startup;

import org.jspecify.annotations.NullMarked;
