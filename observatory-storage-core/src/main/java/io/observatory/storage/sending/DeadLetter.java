package io.observatory.storage.sending;

import io.observatory.storage.row.Rows;
import io.observatory.storage.table.Table;
import org.jspecify.annotations.Nullable;

/**
 * A row that cannot be stored where it belongs.
 *
 * @param table where it belongs
 * @param row the row alone
 * @param sqlState why, as PostgreSQL says it
 * @param constraint the constraint it violates, if that is the reason
 * @param reason why, in words, without content
 */
public record DeadLetter(Table<?> table, Rows row, @Nullable String sqlState, @Nullable String constraint,
		String reason) {
}
