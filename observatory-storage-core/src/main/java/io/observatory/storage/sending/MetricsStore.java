package io.observatory.storage.sending;

import java.sql.SQLException;
import java.util.List;

import io.observatory.storage.row.Rows;
import io.observatory.storage.session.RowLoader;
import io.observatory.storage.session.Staged;
import io.observatory.storage.table.MetricsTable;
import io.observatory.storage.table.Table;

/**
 * Metrics are merged by their key.
 */
public record MetricsStore(MetricsTable table) implements TableStore {

	@Override
	public List<Table<?>> tables() {
		return List.of(this.table);
	}

	@Override
	public List<DeadLetter> store(RowLoader loader, List<Rows> rows) throws SQLException {
		if (!rows.get(0).isEmpty()) {
			Staged staged = loader.stage(this.table, rows.get(0));
			loader.update(this.table.merge(loader.schema(), staged.source()), staged);
		}
		return List.of();
	}

}
