package io.observatory.storage.sending;

import java.time.Clock;
import java.util.List;
import java.util.Optional;

import io.observatory.storage.table.DataPointsTable;
import io.observatory.storage.table.EventsTable;
import io.observatory.storage.table.LogsTable;
import io.observatory.storage.table.MetricsTable;
import io.observatory.storage.table.ScoresTable;
import io.observatory.storage.table.SpansTable;
import io.observatory.storage.table.Table;
import io.observatory.storage.table.TracesTable;

/**
 * How rows that are encoded already get stored, whichever table they are for.
 */
public final class TableStores {

	private final List<TableStore> stores;

	/** Those of all tables of this library. */
	public TableStores() {
		this(List.of(new TracesStore(new TracesTable(), new SpansTable()), new AppendStore(new EventsTable()),
				new ScoresStore(new ScoresTable()), new MetricsStore(new MetricsTable(Clock.systemUTC())),
				new AppendStore(new DataPointsTable()), new AppendStore(new LogsTable())));
	}

	public TableStores(List<TableStore> stores) {
		this.stores = stores;
	}

	/** Returns how the rows of each table get stored. */
	public List<TableStore> all() {
		return this.stores;
	}

	/** Returns the table of this name. */
	public Optional<Table<?>> table(String name) {
		return this.stores.stream()
			.<Table<?>>flatMap((store) -> store.tables().stream())
			.filter((table) -> table.name().equals(name))
			.findFirst();
	}

}
