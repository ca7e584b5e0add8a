/**
 * Log lines of Logback.
 */
@NullMarked
package io.observatory.storage.capture.logback;

import org.jspecify.annotations.NullMarked;
