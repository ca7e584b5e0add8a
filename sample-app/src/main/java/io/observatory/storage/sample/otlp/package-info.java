/**
 * The OTLP/HTTP receiver.
 */
@NullMarked
package io.observatory.storage.sample.otlp;

import org.jspecify.annotations.NullMarked;
