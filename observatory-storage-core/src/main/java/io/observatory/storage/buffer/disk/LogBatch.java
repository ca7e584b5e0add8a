package io.observatory.storage.buffer.disk;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import io.observatory.storage.buffer.Batch;
import io.observatory.storage.row.Rows;
import io.observatory.storage.row.Rows.Chunk;
import io.observatory.storage.spool.Stretch;
import io.observatory.storage.spool.TableRows;
import io.observatory.storage.table.Table;

/**
 * A stretch of a log.
 *
 * @param slot which slot has taken it
 * @param log the log
 * @param from the number of the row that the database is taken to expect: before those of
 * the stretch, where rows are gone
 * @param stretch the rows
 * @param known the writer's tables
 */
public record LogBatch(int slot, LogQueue log, long from, Stretch stretch, List<Table<?>> known) implements Batch {

	/**
	 * Makes a batch.
	 * @throws IOException when the log has rows that this version of the library cannot
	 * read
	 */
	static LogBatch of(int slot, LogQueue log, long from, Stretch stretch, List<Table<?>> tables) throws IOException {
		for (TableRows rows : stretch.tables()) {
			int table = index(tables, rows.table());
			if (table < 0 || rows.version() > tables.get(table).version()
					|| current(tables.get(table), rows).count() < rows.rows().count()) {
				throw new IOException("this version of the library does not read rows of the table %s in format %d"
					.formatted(rows.table(), rows.version()));
			}
		}
		return new LogBatch(slot, log, from, stretch, tables);
	}

	@Override
	public long to() {
		return Math.max(this.from, this.stretch.to());
	}

	@Override
	public int rows() {
		return this.stretch.rows();
	}

	@Override
	public long bytes() {
		return this.stretch.bytes();
	}

	@Override
	public List<Rows> tables(long first, long last) {
		List<Rows> byTable = new ArrayList<>(Collections.nCopies(this.known.size(), Rows.NONE));
		for (TableRows rows : this.stretch.tables(first, last)) {
			int table = index(this.known, rows.table());
			byTable.set(table, byTable.get(table).and(current(this.known.get(table), rows)));
		}
		return byTable;
	}

	private static int index(List<Table<?>> tables, String name) {
		for (int i = 0; i < tables.size(); i++) {
			if (tables.get(i).name().equals(name)) {
				return i;
			}
		}
		return -1;
	}

	/** Rows of an earlier version get what they lack. */
	private static Rows current(Table<?> table, TableRows stored) {
		if (stored.version() == table.version()) {
			return stored.rows();
		}
		List<Chunk> current = new ArrayList<>();
		for (int i = 0; i < stored.rows().count(); i++) {
			byte[] row = table.read(stored.version(), stored.rows().row(i));
			if (row != null) {
				current.add(new Chunk(row, 0, row.length, 1));
			}
		}
		return new Rows(current);
	}

	@Override
	public String toString() {
		return "LogBatch[" + this.log + ", " + this.from + " to " + to() + "]";
	}

}
