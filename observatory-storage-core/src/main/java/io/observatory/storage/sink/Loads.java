package io.observatory.storage.sink;

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
final class Loads {

	private final List<Load> loads = List.of(new TracesLoad(new TracesTable(), new SpansTable()),
			new AppendLoad(new EventsTable()), new MetricsLoad(new MetricsTable(Clock.systemUTC())),
			new AppendLoad(new DataPointsTable()), new AppendLoad(new LogsTable()));

	/** Returns the table of this name. */
	Optional<Table<?>> table(String name) {
		return this.loads.stream()
			.<Table<?>>flatMap((load) -> load.tables().stream())
			.filter((table) -> table.name().equals(name))
			.findFirst();
	}

	/** Returns how rows of one of these tables get stored. */
	Load of(Table<?> table) {
		return this.loads.stream().filter((load) -> load.tables().contains(table)).findFirst().orElseThrow();
	}

}
