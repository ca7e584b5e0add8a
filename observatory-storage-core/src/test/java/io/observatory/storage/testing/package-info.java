/**
 * What the tests share: a real PostgreSQL, and records to write.
 */
@NullMarked
package io.observatory.storage.testing;

import org.jspecify.annotations.NullMarked;
