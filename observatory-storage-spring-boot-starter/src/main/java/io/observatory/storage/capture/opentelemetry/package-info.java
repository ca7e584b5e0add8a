/**
 * Exporters for the OpenTelemetry SDK that store its data in this process, without a
 * network. They follow the same rules as the sample application for OTLP.
 */
@NullMarked
package io.observatory.storage.capture.opentelemetry;

import org.jspecify.annotations.NullMarked;
