package io.observatory.storage.row;

import java.util.ArrayList;
import java.util.List;

import io.observatory.storage.row.Rows.Chunk;

/**
 * Rows of several tables in one order, numbered from 0. Immutable as {@link Rows} are.
 */
public final class RowSequence {

	private final int tables;

	private final List<Part> parts;

	private final int count;

	private final long bytes;

	/**
	 * Makes a sequence.
	 * @param tables how many tables there are
	 * @param parts the rows, one part after the other
	 */
	public RowSequence(int tables, List<Part> parts) {
		this.tables = tables;
		this.parts = List.copyOf(parts);
		this.count = parts.stream().mapToInt((part) -> part.rows().count()).sum();
		this.bytes = parts.stream().mapToLong((part) -> part.rows().bytes()).sum();
	}

	/** Returns the rows of the first table, then those of the next. */
	public static RowSequence ofTables(List<Rows> tables) {
		List<Part> parts = new ArrayList<>();
		for (int table = 0; table < tables.size(); table++) {
			parts.add(new Part(table, tables.get(table)));
		}
		return new RowSequence(tables.size(), parts);
	}

	/** Returns the rows, one part after the other. */
	public List<Part> parts() {
		return this.parts;
	}

	/** Returns how many rows there are. */
	public int count() {
		return this.count;
	}

	/** Returns how many bytes they have. */
	public long bytes() {
		return this.bytes;
	}

	/** Returns all rows, those of each table, on the same memory. */
	public List<Rows> byTable() {
		return byTable(0, this.count);
	}

	/**
	 * Returns the rows from one number to another (exclusive), those of each table, on
	 * the same memory.
	 */
	public List<Rows> byTable(int from, int to) {
		List<List<Chunk>> chunks = new ArrayList<>();
		for (int table = 0; table < this.tables; table++) {
			chunks.add(new ArrayList<>());
		}
		int before = 0;
		for (Part part : this.parts) {
			int first = Math.max(from - before, 0);
			int last = Math.min(to - before, part.rows().count());
			if (first < last) {
				chunks.get(part.table()).addAll(part.rows().slice(first, last).chunks());
			}
			before += part.rows().count();
		}
		return chunks.stream().map(Rows::new).toList();
	}

	/**
	 * Rows of one table.
	 *
	 * @param table the table's number
	 * @param rows the rows
	 */
	public record Part(int table, Rows rows) {
	}

}
