package io.observatory.storage.spool;

import java.io.IOException;
import java.util.function.Consumer;

import io.observatory.storage.spool.FrameHeader.Kind;
import io.observatory.storage.spool.SpoolLog.Place;

/**
 * What a log holds when it is opened.
 *
 * @param start where its first frame begins
 * @param end where the next frame will begin
 * @param lostRows how many rows between them are damaged or gone
 * @param damagedBytes how many bytes are of no use
 */
record LogScan(long start, Place end, long lostRows, long damagedBytes) {

	/**
	 * Reads all of a log.
	 */
	static LogScan of(Segments segments, Consumer<Seal> seals) throws IOException {
		long start = -1;
		long offset = 0;
		long rows = 0;
		long lost = 0;
		long damaged = 0;
		for (Segment segment : segments.all()) {
			FrameReader reader = new FrameReader(segment, segment.start(), segment.end());
			Frame frame = reader.next();
			while (frame != null) {
				FrameHeader header = frame.header();
				if (start < 0) {
					start = header.offset();
					rows = header.rowsBefore();
				}
				lost += header.rowsBefore() - rows;
				rows = header.rowsBefore() + header.rows();
				if (header.kind() == Kind.SEAL) {
					seals.accept(frame.seal());
				}
				frame = reader.next();
			}
			damaged += reader.damagedBytes() + segment.end() - reader.end();
			offset = segment.end();
		}
		return new LogScan(Math.max(start, 0), new Place((offset + FrameHeader.ALIGNMENT - 1) & -FrameHeader.ALIGNMENT, rows),
				lost, damaged);
	}

}
