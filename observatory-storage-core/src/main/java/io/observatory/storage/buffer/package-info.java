/**
 * The bounded buffer: rows in, sealed batches out.
 */
@NullMarked
package io.observatory.storage.buffer;

import org.jspecify.annotations.NullMarked;
