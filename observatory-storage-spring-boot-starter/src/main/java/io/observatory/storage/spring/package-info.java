/**
 * The beans of the auto-configurations: the database, its schema and partitions,
 * scheduled flushes, and the shutdown.
 */
@NullMarked
package io.observatory.storage.spring;

import org.jspecify.annotations.NullMarked;
