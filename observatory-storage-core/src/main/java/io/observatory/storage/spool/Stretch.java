package io.observatory.storage.spool;

import java.util.ArrayList;
import java.util.List;

import io.observatory.storage.row.Rows;

/**
 * Rows of a log that follow one another. Immutable.
 */
public final class Stretch {

	private final long from;

	private final long to;

	private final long acceptedMillis;

	private final List<TableRows> tables;

	private final List<Run> runs;

	private final int rows;

	private final long bytes;

	Stretch(long from, long to, long acceptedMillis, List<TableRows> tables, List<Run> runs) {
		this.from = from;
		this.to = to;
		this.acceptedMillis = acceptedMillis;
		this.tables = List.copyOf(tables);
		this.runs = List.copyOf(runs);
		this.rows = tables.stream().mapToInt((each) -> each.rows().count()).sum();
		this.bytes = tables.stream().mapToLong((each) -> each.rows().bytes()).sum();
	}

	/** Returns the number of its first row. */
	public long from() {
		return this.from;
	}

	/** Returns the number of the first row behind it. */
	public long to() {
		return this.to;
	}

	/** Returns how many rows there are, which are the less the more are damaged. */
	public int rows() {
		return this.rows;
	}

	/** Returns how many rows of it are damaged or missing. */
	public long damagedRows() {
		return this.to - this.from - this.rows;
	}

	/** Returns how many bytes the rows have. */
	public long bytes() {
		return this.bytes;
	}

	/**
	 * Returns when its first row was accepted, in milliseconds since 1970; 0 if it has no
	 * rows.
	 */
	public long acceptedMillis() {
		return this.acceptedMillis;
	}

	/**
	 * Returns its rows by table and version, those of each in the order of the log.
	 */
	public List<TableRows> tables() {
		return this.tables;
	}

	/**
	 * Returns the rows with numbers from one to another (exclusive), by table and version
	 * in the order of {@link #tables()}: each has its part, which may be empty.
	 */
	public List<TableRows> tables(long from, long to) {
		List<TableRows> part = new ArrayList<>();
		for (int table = 0; table < this.tables.size(); table++) {
			TableRows all = this.tables.get(table);
			Rows slice = all.rows().slice(before(table, from), before(table, to));
			part.add(new TableRows(all.table(), all.version(), slice));
		}
		return part;
	}

	private int before(int table, long row) {
		long count = 0;
		for (Run run : this.runs) {
			if (run.table() == table) {
				count += Math.max(0, Math.min(run.rows(), row - run.first()));
			}
		}
		return (int) count;
	}

	/**
	 * Rows of one table without another's between them.
	 *
	 * @param table the index of the table and version
	 * @param first the number of the first row
	 * @param rows how many there are
	 */
	record Run(int table, long first, int rows) {
	}

}
