/**
 * A batch into PostgreSQL: one transaction, exactly once.
 */
@NullMarked
package io.observatory.storage.sink;

import org.jspecify.annotations.NullMarked;
