/**
 * The end-to-end benchmark: the writers, beside what else a program could do, against the
 * server's own COPY.
 */
@NullMarked
package io.observatory.storage.bench;

import org.jspecify.annotations.NullMarked;
