package io.observatory.storage.spool;

import java.io.IOException;

import io.observatory.storage.spool.FrameReader.StoredFrame;
import org.jspecify.annotations.Nullable;

/**
 * Reads a log's segments by the numbers of their rows. Rows are mostly read one after the
 * other: it knows where it stopped last.
 */
final class LogReader {

	private final Segments segments;

	private volatile Place place = Place.NONE;

	LogReader(Segments segments) {
		this.segments = segments;
	}

	/**
	 * Takes rows from the segments, as far as there is one.
	 * @param limit the number of the row to stop before
	 */
	void read(StretchBuilder stretch, long limit) throws IOException {
		Place begin = this.place;
		Segment segment = this.segments.of(stretch.to());
		while (segment != null && stretch.to() < limit) {
			Segment next = this.segments.after(segment);
			long end = (next != null) ? Math.min(limit, next.firstRow()) : limit;
			FrameReader frames = segment.reader(begin.isUseful(segment, stretch.to()) ? begin.place() : 0);
			StoredFrame frame = frames.next();
			while (frame != null && frame.header().rowsBefore() < end) {
				if (frame.header().endRow() > stretch.to()) {
					stretch.add(frame);
				}
				if (stretch.isFull()) {
					this.place = new Place(segment, frame.header().rowsBefore(), frame.place());
					return;
				}
				frame = frames.next();
			}
			stretch.skipTo(end);
			segment = next;
		}
		stretch.skipTo(limit);
	}

	/**
	 * Where a frame begins.
	 */
	private record Place(@Nullable Segment segment, long row, long place) {

		static final Place NONE = new Place(null, 0, 0);

		boolean isUseful(Segment segment, long from) {
			return segment == this.segment && this.row <= from;
		}

	}

}
