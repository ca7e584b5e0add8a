/**
 * Rows that were refused: looking at them, sending them again, removing them.
 */
@NullMarked
package io.observatory.storage.deadletter;

import org.jspecify.annotations.NullMarked;
