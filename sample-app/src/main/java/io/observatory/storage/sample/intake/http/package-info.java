/**
 * The intake by HTTP: bodies are read without holding a thread.
 */
@NullMarked
package io.observatory.storage.sample.intake.http;

import org.jspecify.annotations.NullMarked;
