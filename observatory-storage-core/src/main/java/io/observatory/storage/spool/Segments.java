package io.observatory.storage.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;

/**
 * The segments of a log, by where they begin. One thread at a time writes; others may
 * read and trim meanwhile.
 */
final class Segments implements AutoCloseable {

	private final Path directory;

	private final long segmentBytes;

	private final ConcurrentSkipListMap<Long, Segment> byStart = new ConcurrentSkipListMap<>();

	private Segments(Path directory, long segmentBytes) {
		this.directory = directory;
		this.segmentBytes = segmentBytes;
	}

	static Segments open(Path directory, long segmentBytes) throws IOException {
		Segments segments = new Segments(directory, segmentBytes);
		Map<Path, Path> misnamed = new HashMap<>();
		try (Stream<Path> files = Files.list(directory)) {
			for (Path file : files.filter(Segment::isSegment).toList()) {
				Segment segment = Segment.open(file);
				segments.byStart.put(segment.start(), segment);
				if (!file.equals(segment.file())) {
					misnamed.put(file.resolveSibling(file.getFileName() + ".moved"), segment.file());
					Files.move(file, file.resolveSibling(file.getFileName() + ".moved"));
				}
			}
		}
		// two files that were exchanged get their names back
		for (Entry<Path, Path> each : misnamed.entrySet()) {
			Files.move(each.getKey(), each.getValue());
		}
		return segments;
	}

	/** Returns them in the order of the log. */
	List<Segment> all() {
		return List.copyOf(this.byStart.values());
	}

	/**
	 * Writes at the end of the log, in a new segment if the last one is large enough.
	 */
	void write(ByteBuffer bytes, long offset, boolean force) throws IOException {
		Entry<Long, Segment> last = this.byStart.lastEntry();
		if (last == null || last.getValue().end() != offset || offset - last.getKey() >= this.segmentBytes) {
			Segment segment = Segment.create(this.directory, offset);
			this.byStart.put(offset, segment);
			last = this.byStart.lastEntry();
		}
		last.getValue().write(bytes, offset);
		if (force) {
			last.getValue().force();
		}
	}

	/** Returns the segments from the one that holds the place on. */
	Iterable<Segment> from(long offset) {
		Long first = this.byStart.floorKey(offset);
		return this.byStart.tailMap((first != null) ? first : offset).values();
	}

	long bytes() throws IOException {
		long bytes = 0;
		for (Entry<Long, Segment> each : this.byStart.entrySet()) {
			bytes += each.getValue().end() - each.getKey();
		}
		return bytes;
	}

	void trim(long before) throws IOException {
		for (Segment segment : this.byStart.headMap(before).values()) {
			if (segment.end() > before || segment == this.byStart.lastEntry().getValue()) {
				return;
			}
			this.byStart.remove(segment.start());
			segment.delete();
		}
	}

	@Override
	public void close() throws IOException {
		for (Segment segment : this.byStart.values()) {
			segment.close();
		}
	}

}
