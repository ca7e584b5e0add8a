/**
 * One file per table: its columns, how a record becomes a row, and its conflict rule. All
 * SQL is derived from these.
 */
@NullMarked
package io.observatory.storage.table;

import org.jspecify.annotations.NullMarked;
