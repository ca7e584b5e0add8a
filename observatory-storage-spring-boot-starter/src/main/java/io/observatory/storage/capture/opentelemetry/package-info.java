/**
 * OpenTelemetry's exporters, in this process: the SDK's data as records, without a
 * network between. The rules are those by which the sample application maps OTLP.
 */
@NullMarked
package io.observatory.storage.capture.opentelemetry;

import org.jspecify.annotations.NullMarked;
