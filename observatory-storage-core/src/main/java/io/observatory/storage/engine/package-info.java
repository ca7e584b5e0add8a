/**
 * The flush workers of a writer: threads that take batches from the buffer and send them.
 */
@NullMarked
package io.observatory.storage.engine;

import org.jspecify.annotations.NullMarked;
