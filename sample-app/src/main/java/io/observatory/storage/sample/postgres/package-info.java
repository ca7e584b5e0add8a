/**
 * The embedded PostgreSQL.
 */
@NullMarked
package io.observatory.storage.sample.postgres;

import org.jspecify.annotations.NullMarked;
