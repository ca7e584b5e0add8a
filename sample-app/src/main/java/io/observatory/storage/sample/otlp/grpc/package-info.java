/**
 * The intake by OTLP/gRPC: messages are read without holding a thread, and counted while
 * they arrive.
 */
@NullMarked
package io.observatory.storage.sample.otlp.grpc;

import org.jspecify.annotations.NullMarked;
