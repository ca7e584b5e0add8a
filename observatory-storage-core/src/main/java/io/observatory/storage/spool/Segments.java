package io.observatory.storage.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map.Entry;
import java.util.concurrent.ConcurrentSkipListMap;

import io.observatory.storage.spool.FrameReader.StoredFrame;
import org.jspecify.annotations.Nullable;

/**
 * The segments of a log, by their first rows. Of a row that two of them have, the later
 * one counts. One thread at a time writes; others may read and trim meanwhile.
 */
final class Segments implements AutoCloseable {

	private static final String SUFFIX = ".segment";

	private final LogDirectory directory;

	private final long segmentBytes;

	private final ConcurrentSkipListMap<Long, Segment> byRow = new ConcurrentSkipListMap<>();

	/** Those that were written to since they were forced. */
	private final List<Segment> unforced = new ArrayList<>();

	/** Whether files were made since the directory was forced. */
	private boolean newFiles;

	/** The one that is written to. */
	private @Nullable Segment last;

	private Segments(LogDirectory directory, long segmentBytes) {
		this.directory = directory;
		this.segmentBytes = segmentBytes;
	}

	static Segments none(LogDirectory directory, long segmentBytes) {
		return new Segments(directory, segmentBytes);
	}

	/**
	 * Opens what a log has. Names do not matter, but where two files begin with the same
	 * row.
	 */
	static Segments open(LogDirectory directory) throws IOException {
		Segments segments = new Segments(directory, 0);
		try {
			segments.open();
			return segments;
		}
		catch (IOException ex) {
			segments.close();
			throw ex;
		}
	}

	private void open() throws IOException {
		for (String name : this.directory.files()) {
			if (name.endsWith(SUFFIX)) {
				open(this.directory.openFile(name), 0);
			}
		}
		long end = endRow();
		for (String name : this.directory.files()) {
			if (Staging.isStaging(name)) {
				open(Staging.open(this.directory, name), end);
			}
		}
	}

	private void open(SpoolFile file, long minRow) throws IOException {
		try {
			add(file, minRow);
		}
		catch (IOException ex) {
			file.close();
			throw ex;
		}
	}

	/** Finds the first frame that counts. */
	private void add(SpoolFile file, long minRow) throws IOException {
		long size = file.size();
		FrameReader reader = new FrameReader(file::read, 0, size);
		StoredFrame frame = reader.next();
		while (frame != null && frame.header().rowsBefore() < minRow) {
			frame = reader.next();
		}
		if (frame == null) {
			file.close();
			return;
		}
		long row = frame.header().rowsBefore();
		Segment before = this.byRow.put(row, new Segment(file, row, frame.place(), size));
		if (before != null) {
			before.close();
		}
	}

	/** Returns the number of the row behind the last one. */
	long endRow() throws IOException {
		Entry<Long, Segment> end = this.byRow.lastEntry();
		return (end != null) ? end.getValue().endRow() : 0;
	}

	/** Returns the number of the first row that is kept, or another if none is. */
	long firstRow(long otherwise) {
		Entry<Long, Segment> first = this.byRow.firstEntry();
		return (first != null) ? first.getKey() : otherwise;
	}

	/** Returns the segment that has a row, or else the next one, if any. */
	@Nullable Segment of(long row) {
		Entry<Long, Segment> entry = this.byRow.floorEntry(row);
		if (entry == null) {
			entry = this.byRow.ceilingEntry(row);
		}
		return (entry != null) ? entry.getValue() : null;
	}

	/** Returns the segment that comes next, if any. */
	@Nullable Segment after(Segment segment) {
		Entry<Long, Segment> entry = this.byRow.higherEntry(segment.firstRow());
		return (entry != null) ? entry.getValue() : null;
	}

	/**
	 * Appends frames, all of them or none.
	 * @param forced whether to wait for the disk
	 */
	void write(List<ByteBuffer> frames, long firstRow, boolean forced) throws IOException {
		append(frames, firstRow);
		if (!forced) {
			return;
		}
		try {
			forceAll();
		}
		catch (IOException ex) {
			// whether they are there nobody knows, nor does it help to force them again
			takeBack(ex);
			append(frames, firstRow);
			forceNew();
		}
	}

	private void forceNew() throws IOException {
		try {
			forceAll();
		}
		catch (IOException ex) {
			takeBack(ex);
			throw ex;
		}
	}

	/** Removes what could not be forced, and trusts its segments no more. */
	private void takeBack(IOException reason) {
		for (Segment segment : this.unforced) {
			segment.cut(segment.forcedEnd(), reason);
		}
		distrust();
	}

	private void append(List<ByteBuffer> frames, long firstRow) throws IOException {
		Segment segment = this.last;
		if (segment == null || !segment.isWritable(this.segmentBytes)) {
			segment = create(firstRow);
			publish(segment);
			this.last = segment;
		}
		segment.append(frames);
		if (!this.unforced.contains(segment)) {
			this.unforced.add(segment);
		}
	}

	private Segment create(long firstRow) throws IOException {
		this.directory.restore();
		for (int attempt = 0;; attempt++) {
			String name = HexFormat.of().toHexDigits(firstRow) + "-" + HexFormat.of().toHexDigits((short) attempt);
			try {
				SpoolFile file = this.directory.createFile(name + SUFFIX);
				this.newFiles = true;
				return new Segment(file, firstRow, 0, 0);
			}
			catch (FileAlreadyExistsException ex) {
				// what is in that one is not to be trusted
			}
		}
	}

	private void publish(Segment segment) throws IOException {
		Segment replaced = this.byRow.put(segment.firstRow(), segment);
		if (replaced != null) {
			replaced.delete();
		}
	}

	/**
	 * Has everything survive the death of the machine.
	 * @throws IOException when nobody knows whether it will; it is kept all the same
	 */
	void force() throws IOException {
		try {
			forceAll();
		}
		catch (IOException ex) {
			distrust();
			throw ex;
		}
	}

	private void forceAll() throws IOException {
		for (Segment segment : this.unforced) {
			segment.force();
		}
		if (this.newFiles) {
			this.directory.force();
			this.newFiles = false;
		}
		this.unforced.clear();
	}

	private void distrust() {
		this.last = null;
		this.unforced.clear();
	}

	/** Returns how many bytes the files have. */
	long bytes() {
		return this.byRow.values().stream().mapToLong(Segment::bytes).sum();
	}

	/** Notes which segments have no row that is not stored. */
	void storedUpTo(long row) {
		for (Segment segment : this.byRow.values()) {
			Segment next = after(segment);
			segment.stored(next != null && next.firstRow() <= row);
		}
	}

	/**
	 * Deletes, from the oldest on, segments that are stored, until so many bytes are
	 * free.
	 * @param nanos those that have been for so long
	 * @return how many bytes were freed
	 */
	long trim(long nanos, long bytes) throws IOException {
		long freed = 0;
		for (Segment segment : this.byRow.values()) {
			if (freed >= bytes || !segment.isStoredFor(nanos)) {
				break;
			}
			freed += segment.bytes();
			this.byRow.remove(segment.firstRow());
			segment.delete();
		}
		return freed;
	}

	@Override
	public void close() throws IOException {
		for (Segment segment : this.byRow.values()) {
			segment.close();
		}
	}

}
