/**
 * OTLP's messages as the records of Observatory Storage: pure functions, one class a
 * signal.
 */
@NullMarked
package io.observatory.storage.sample.mapping;

import org.jspecify.annotations.NullMarked;
