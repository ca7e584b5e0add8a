/**
 * The binary COPY row: the only place that knows its bytes. A record becomes a row once,
 * at the door.
 */
@NullMarked
package io.observatory.storage.row;

import org.jspecify.annotations.NullMarked;
