/**
 * Capture of the telemetry that an application produces anyway: one package for each
 * library; this package has what they share.
 */
@NullMarked
package io.observatory.storage.capture;

import org.jspecify.annotations.NullMarked;
