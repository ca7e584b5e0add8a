/**
 * What the wiring wires: the database, its schema and partitions, timed flushes, and the
 * end.
 */
@NullMarked
package io.observatory.storage.spring;

import org.jspecify.annotations.NullMarked;
