package io.observatory.storage.bench;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * What a row costs all servers of an engine together.
 *
 * @param table the table of the rows, those that they bring with them included
 * @param layout the layout of the tables
 * @param rows how many were written
 * @param cpuMicrosPerRow the CPU time of the servers' processes, in microseconds
 */
record RowCost(String table, String layout, long rows, double rowsPerSecond, double cpuMicrosPerRow,
		double walBytesPerRow, double diskBytesPerRow) {

	private static final long[] A_DAY = { 1_000_000, 10_000_000, 100_000_000, 1_000_000_000 };

	private static final double SECONDS_OF_A_DAY = 86_400;

	/** A busy hour, compared with the mean of the day. */
	private static final int BUSY = 3;

	/** Returns the one in the middle, by the CPU time. */
	static RowCost median(List<RowCost> rounds) {
		return rounds.stream()
			.sorted(Comparator.comparingDouble(RowCost::cpuMicrosPerRow))
			.skip(rounds.size() / 2)
			.findFirst()
			.orElseThrow();
	}

	/**
	 * Returns what so many rows a day would take, if each costs the same: a line for each
	 * number.
	 */
	String estimates() {
		return LongStream.of(A_DAY)
			.mapToObj((
					rows) -> "%,16d a day: %,9.0f/s, %,8.1f GB of disk and %,8.1f GB of WAL a day; %,8.2f MB of WAL/s and %6.2f cores at %d times the mean"
						.formatted(rows, rows / SECONDS_OF_A_DAY, rows * this.diskBytesPerRow / 1e9,
								rows * this.walBytesPerRow / 1e9,
								BUSY * rows * this.walBytesPerRow / SECONDS_OF_A_DAY / 1e6,
								BUSY * rows * this.cpuMicrosPerRow / SECONDS_OF_A_DAY / 1e6, BUSY))
			.collect(Collectors.joining("\n"));
	}

}
