/**
 * A small application on top of the starter: an OTLP/HTTP receiver with an embedded
 * PostgreSQL.
 */
@NullMarked
package io.observatory.storage.sample;

import org.jspecify.annotations.NullMarked;
