/**
 * A batch into its tables: one transaction, exactly once.
 */
@NullMarked
package io.observatory.storage.sending;

import org.jspecify.annotations.NullMarked;
