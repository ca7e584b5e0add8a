/**
 * Meters of Micrometer.
 */
@NullMarked
package io.observatory.storage.capture.micrometer;

import org.jspecify.annotations.NullMarked;
