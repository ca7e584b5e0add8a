package io.observatory.storage.spool;

import io.observatory.storage.row.Rows;

/**
 * Rows of one table.
 *
 * @param table the table's name, which a later version of this library knows as well
 * @param version the version of the table's rows
 * @param rows the rows
 */
public record TableRows(String table, int version, Rows rows) {
}
