/**
 * The buffer on disk: rows in, sealed batches out, as the one in memory, but what was
 * accepted outlives the process.
 */
@NullMarked
package io.observatory.storage.buffer.disk;

import org.jspecify.annotations.NullMarked;
