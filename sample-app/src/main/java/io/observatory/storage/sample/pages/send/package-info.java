/**
 * How to send telemetry here.
 */
@NullMarked
package io.observatory.storage.sample.pages.send;

import org.jspecify.annotations.NullMarked;
