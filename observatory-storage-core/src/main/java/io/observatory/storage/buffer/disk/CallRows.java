package io.observatory.storage.buffer.disk;

import java.util.ArrayList;
import java.util.List;

import io.observatory.storage.row.RowEncoder;
import io.observatory.storage.row.Rows;
import io.observatory.storage.row.Rows.Chunk;
import io.observatory.storage.spool.SpoolLog;
import io.observatory.storage.spool.TableRows;
import io.observatory.storage.table.Table;

/**
 * The rows of one call, divided by the slot whose log they go to. They stay where the
 * encoder has them.
 */
final class CallRows {

	private final List<Table<?>> tables;

	private final RowEncoder rows;

	/** The pieces for each slot and table, slot by slot; null where there are none. */
	private final List<Chunk>[] pieces;

	/** How many bytes there are for each slot. */
	private final long[] bytes;

	@SuppressWarnings({ "unchecked", "rawtypes" })
	CallRows(RowEncoder rows, List<Table<?>> tables, int slots, int sharedSlot) {
		this.tables = tables;
		this.rows = rows;
		this.pieces = new List[slots * tables.size()];
		this.bytes = new long[slots];
		for (int i = 0; i < rows.rows(); i++) {
			int route = rows.route(i);
			int slot = (route == RowEncoder.ANY_SLOT) ? sharedSlot : route % slots;
			add(slot * tables.size() + rows.table(i), rows.start(i), rows.end(i));
			this.bytes[slot] += rows.end(i) - rows.start(i);
		}
	}

	/** Rows that lie together become one piece. */
	private void add(int index, int start, int end) {
		List<Chunk> chunks = this.pieces[index];
		if (chunks == null) {
			chunks = new ArrayList<>(1);
			this.pieces[index] = chunks;
		}
		Chunk last = chunks.isEmpty() ? null : chunks.get(chunks.size() - 1);
		if (last != null && last.offset() + last.length() == start) {
			chunks.set(chunks.size() - 1, new Chunk(last.array(), last.offset(), end - last.offset(), last.rows() + 1));
		}
		else {
			chunks.add(new Chunk(this.rows.bytes(), start, end - start, 1));
		}
	}

	/** Returns how many bytes the call takes on disk, at most. */
	long size() {
		long size = 0;
		for (long each : this.bytes) {
			size += (each > 0) ? each + SpoolLog.OVERHEAD : 0;
		}
		return size;
	}

	/** Returns how many bytes the rows for the log of a slot have. */
	long bytes(int slot) {
		return this.bytes[slot];
	}

	/** Returns the rows for the log of a slot, by table. */
	List<TableRows> of(int slot) {
		if (this.bytes[slot] == 0) {
			return List.of();
		}
		List<TableRows> found = new ArrayList<>(this.tables.size());
		for (int i = 0; i < this.tables.size(); i++) {
			List<Chunk> chunks = this.pieces[slot * this.tables.size() + i];
			if (chunks != null) {
				Table<?> table = this.tables.get(i);
				found.add(new TableRows(table.name(), table.version(), new Rows(chunks)));
			}
		}
		return found;
	}

}
