package io.observatory.storage.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A log whose process is dead, of which it is known where in its files each call's rows
 * are.
 */
final class WrittenLog {

	private static final LogSettings SETTINGS = new LogSettings(1000, true, Clock.systemUTC());

	private static final int HEADER = 40;

	private static final int HEADER_CHECKED = 32;

	private final SpoolDirectory spool;

	private final Path directory;

	private final List<Row> rows = new ArrayList<>();

	private final List<Call> calls = new ArrayList<>();

	private final Map<Path, byte[]> files = new LinkedHashMap<>();

	private WrittenLog(SpoolDirectory spool, Path directory) {
		this.spool = spool;
		this.directory = directory;
	}

	static WrittenLog write(Path root, int calls, int maxSize, Random random) throws IOException {
		SpoolDirectory spool = SpoolDirectory.open(root, WrittenLog::withoutForce);
		LogDirectory directory = spool.create("logs");
		WrittenLog written = new WrittenLog(spool, directory.path());
		try (SpoolLog log = SpoolLog.create(directory, SETTINGS)) {
			for (int i = 0; i < calls; i++) {
				written.append(log, Row.call(written.rows.size(), 3, maxSize, random));
			}
		}
		for (Path file : written.segments()) {
			written.files.put(file, Files.readAllBytes(file));
		}
		return written;
	}

	/** The disk need not have it: nobody cuts the power. */
	private static FileChannel withoutForce(Path file, Set<OpenOption> options) throws IOException {
		return new PassedOnChannel(FileOpener.OWNER_ONLY.open(file, options)) {
			@Override
			public void force(boolean metaData) {
			}
		};
	}

	/** It is written at the end of one of the files. */
	private void append(SpoolLog log, List<TableRows> call) throws IOException {
		Map<Path, Long> before = new LinkedHashMap<>();
		for (Path file : segments()) {
			before.put(file, Files.size(file));
		}
		log.append(call);
		int from = this.rows.size();
		this.rows.addAll(Row.of(call));
		for (Path file : segments()) {
			long start = before.getOrDefault(file, 0L);
			if (Files.size(file) > start) {
				this.calls.add(new Call(file, (int) start, (int) Files.size(file), from, this.rows.size()));
			}
		}
		assertThat(this.calls.get(this.calls.size() - 1).toRow()).isEqualTo(this.rows.size());
	}

	private List<Path> segments() throws IOException {
		try (Stream<Path> all = Files.list(this.directory)) {
			return all.filter((file) -> file.toString().endsWith(".segment")).sorted().toList();
		}
	}

	/** Returns the segments and their bytes. */
	Map<Path, byte[]> files() {
		return this.files;
	}

	/** Puts the files as they were written. */
	void restore() throws IOException {
		for (Path file : segments()) {
			Files.delete(file);
		}
		for (Map.Entry<Path, byte[]> file : this.files.entrySet()) {
			Files.write(file.getKey(), file.getValue());
		}
	}

	/**
	 * Opens the log, and asserts that all is there but the calls whose bytes were
	 * touched, and that it says how many rows are lost.
	 * @param touched the calls that may be lost
	 */
	void assertOnlyLost(List<Call> touched) throws IOException {
		List<Call> whole = new ArrayList<>(this.calls);
		whole.removeAll(touched);
		try (SpoolLog log = SpoolLog.open(this.spool.adopt("logs").get(0))) {
			Map<Long, Row> read = Row.read(log, 0, 7, 1000);
			read.forEach((number, row) -> assertThat(row).isEqualTo(this.rows.get(number.intValue())));
			for (Call call : whole) {
				for (long row = call.fromRow(); row < call.toRow(); row++) {
					assertThat(read).as("rows of calls that were not touched").containsKey(row);
				}
			}
			long known = read.keySet().stream().mapToLong((row) -> row + 1).max().orElse(0);
			assertThat(log.endRow()).as("rows that are known of").isEqualTo(known);
			assertThat(damaged(log)).as("rows that are lost").isEqualTo(known - read.size());
		}
	}

	private static long damaged(SpoolLog log) throws IOException {
		long damaged = 0;
		for (long next = 0; next < log.endRow();) {
			Stretch stretch = log.read(next, 1000, Long.MAX_VALUE);
			damaged += stretch.damagedRows();
			next = stretch.to();
		}
		return damaged;
	}

	/** Returns the calls that have bytes in a part of a file. */
	List<Call> calls(Path file, int from, int to) {
		return this.calls.stream()
			.filter((call) -> call.file().equals(file) && call.start() < to && call.end() > from)
			.toList();
	}

	/** Changes a file, and makes its checksums right: as if nobody checked them. */
	void writeUnchecked(Path file, byte[] bytes) throws IOException {
		byte[] changed = bytes.clone();
		for (Call call : calls(file, 0, bytes.length)) {
			ByteBuffer frame = ByteBuffer.wrap(changed, call.start(), call.end() - call.start()).slice();
			int length = frame.getInt(8);
			if (length >= 0 && length <= frame.limit() - HEADER) {
				frame.putInt(12, crc(changed, call.start() + HEADER, length));
			}
			frame.putInt(HEADER_CHECKED, crc(changed, call.start(), HEADER_CHECKED));
		}
		Files.write(file, changed);
	}

	private static int crc(byte[] bytes, int from, int length) {
		CRC32C crc = new CRC32C();
		crc.update(Arrays.copyOfRange(bytes, from, from + length));
		return (int) crc.getValue();
	}

	/**
	 * Where a call's rows are.
	 */
	record Call(Path file, int start, int end, int fromRow, int toRow) {
	}

}
