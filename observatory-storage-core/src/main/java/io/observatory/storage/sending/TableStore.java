package io.observatory.storage.sending;

import java.sql.SQLException;
import java.util.List;

import io.observatory.storage.row.Rows;
import io.observatory.storage.session.RowLoader;
import io.observatory.storage.table.Table;

/**
 * How the rows of some of a writer's tables get stored in a transaction.
 */
public interface TableStore {

	/** Returns the tables, in the order in which their rows are given. */
	List<Table<?>> tables();

	/** Returns which of these tables need a stage: all, where rows are merged. */
	default List<Table<?>> staged() {
		return tables();
	}

	/**
	 * Stores the rows of each table.
	 * @return rows that belong nowhere
	 */
	List<DeadLetter> store(RowLoader loader, List<Rows> rows) throws SQLException;

}
