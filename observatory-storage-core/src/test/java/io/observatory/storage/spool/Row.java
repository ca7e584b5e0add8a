package io.observatory.storage.spool;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import io.observatory.storage.row.Rows;
import io.observatory.storage.row.Rows.Chunk;

/**
 * A row of a table, of which the log knows only that it is one: a field with a number,
 * and one with random bytes.
 */
record Row(String table, int version, long number, int hash) {

	/** A row has so many bytes at least. */
	static final int MIN_SIZE = Short.BYTES + 2 * Integer.BYTES + Long.BYTES;

	private static final List<String> TABLES = List.of("logs", "trace_spans", "traces");

	/** Returns a row's bytes. */
	static byte[] bytes(long number, int size, Random random) {
		byte[] filler = new byte[size];
		random.nextBytes(filler);
		ByteBuffer row = ByteBuffer.allocate(MIN_SIZE + size);
		row.putShort((short) 2).putInt(Long.BYTES).putLong(number).putInt(size).put(filler);
		return row.array();
	}

	/** Returns some rows of one table, with numbers in a row. */
	static TableRows rows(String table, int version, long number, int count, int maxSize, Random random) {
		List<Chunk> chunks = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			byte[] row = bytes(number + i, random.nextInt(maxSize + 1), random);
			chunks.add(new Chunk(row, 0, row.length, 1));
		}
		return new TableRows(table, version, new Rows(chunks));
	}

	/** Returns a call's rows of some tables, with numbers in a row. */
	static List<TableRows> call(long number, int maxRows, int maxSize, Random random) {
		List<TableRows> call = new ArrayList<>();
		long next = number;
		int tables = 1 + random.nextInt(TABLES.size());
		for (int table = 0; table < tables; table++) {
			int count = 1 + random.nextInt(maxRows);
			call.add(rows(TABLES.get(table), 1 + random.nextInt(2), next, count, maxSize, random));
			next += count;
		}
		return call;
	}

	/** Returns the rows one by one. */
	static List<Row> of(List<TableRows> tables) {
		List<Row> rows = new ArrayList<>();
		for (TableRows each : tables) {
			for (int i = 0; i < each.rows().count(); i++) {
				byte[] row = each.rows().row(i);
				rows.add(new Row(each.table(), each.version(),
						ByteBuffer.wrap(row).getLong(Short.BYTES + Integer.BYTES), Arrays.hashCode(row)));
			}
		}
		return rows;
	}

	/**
	 * Reads a log to its end, a number of rows at a time, and each stretch row by row.
	 * @return the rows by their number in the log
	 */
	static Map<Long, Row> read(SpoolLog log, long from, int maxRows, long maxBytes) throws java.io.IOException {
		Map<Long, Row> rows = new LinkedHashMap<>();
		for (long next = from; next < log.endRow();) {
			Stretch stretch = log.read(next, maxRows, maxBytes);
			for (long number = stretch.from(); number < stretch.to(); number++) {
				for (Row row : of(stretch.tables(number, number + 1))) {
					rows.put(number, row);
				}
			}
			next = stretch.to();
		}
		return rows;
	}

}
