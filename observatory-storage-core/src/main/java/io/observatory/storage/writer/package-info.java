/**
 * The public face: the writers, their configuration and their statistics.
 */
@NullMarked
package io.observatory.storage.writer;

import org.jspecify.annotations.NullMarked;
