/**
 * The binary COPY row: the only place that knows its bytes. A record is encoded once,
 * when it is written.
 */
@NullMarked
package io.observatory.storage.row;

import org.jspecify.annotations.NullMarked;
