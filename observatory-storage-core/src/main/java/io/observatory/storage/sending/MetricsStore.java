package io.observatory.storage.sending;

import java.sql.PreparedStatement;
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
public final class MetricsStore implements TableStore {

	private final MetricsTable table;

	public MetricsStore(MetricsTable table) {
		this.table = table;
	}

	@Override
	public List<Table<?>> tables() {
		return List.of(this.table);
	}

	@Override
	public List<Table<?>> staged() {
		return List.of(this.table);
	}

	@Override
	public List<DeadLetter> store(RowLoader road, List<Rows> rows) throws SQLException {
		if (!rows.get(0).isEmpty()) {
			Staged staged = road.stage(this.table, rows.get(0));
			try (PreparedStatement merge = road.connection()
				.prepareStatement(this.table.merge(road.schema(), staged.source()))) {
				staged.bind(merge, 1);
				merge.executeUpdate();
			}
		}
		return List.of();
	}

}
