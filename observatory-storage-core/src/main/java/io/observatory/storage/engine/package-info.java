/**
 * What stands behind every writer: joins the buffer with the sending, by threads.
 */
@NullMarked
package io.observatory.storage.engine;

import org.jspecify.annotations.NullMarked;
