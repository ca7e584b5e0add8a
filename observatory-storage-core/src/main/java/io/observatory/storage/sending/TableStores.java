package io.observatory.storage.sending;

import java.time.Clock;
import java.util.List;
import java.util.Optional;

import io.observatory.storage.table.DataPointsTable;
import io.observatory.storage.table.EventsTable;
import io.observatory.storage.table.LogsTable;
import io.observatory.storage.table.MetricsTable;
import io.observatory.storage.table.SpansTable;
import io.observatory.storage.table.Table;
import io.observatory.storage.table.TracesTable;

/**
 * How rows that are encoded already get stored, whichever table they are for.
 */
public final class TableStores {

	private final List<TableStore> loads;

	/** Those of all tables of this library. */
	public TableStores() {
		this(List.of(new TracesStore(new TracesTable(), new SpansTable()), new AppendStore(new EventsTable()),
				new MetricsStore(new MetricsTable(Clock.systemUTC())), new AppendStore(new DataPointsTable()),
				new AppendStore(new LogsTable())));
	}

	public TableStores(List<TableStore> loads) {
		this.loads = loads;
	}

	/** Returns the table of this name. */
	public Optional<Table<?>> table(String name) {
		return this.loads.stream()
			.<Table<?>>flatMap((load) -> load.tables().stream())
			.filter((table) -> table.name().equals(name))
			.findFirst();
	}

	/** Returns how rows of one of these tables get stored. */
	public TableStore of(Table<?> table) {
		return this.loads.stream().filter((load) -> load.tables().contains(table)).findFirst().orElseThrow();
	}

}
