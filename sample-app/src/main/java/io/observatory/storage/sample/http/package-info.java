/**
 * What the endpoints that take telemetry share: reading a body, and saying no.
 */
@NullMarked
package io.observatory.storage.sample.http;

import org.jspecify.annotations.NullMarked;
