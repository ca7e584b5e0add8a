package io.observatory.storage.spool;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import io.observatory.storage.spool.FrameHeader.Kind;

/**
 * Rows that were read from a log, one after the other.
 */
public final class Stretch {

	private final List<Frame> frames = new ArrayList<>();

	private long end;

	private long rows;

	private long bytes;

	private Stretch(long from) {
		this.end = from;
	}

	static Stretch read(Segments segments, long from, long limit, int maxRows, long maxBytes) throws IOException {
		Stretch stretch = new Stretch(from);
		for (Segment segment : segments.from(from)) {
			FrameReader reader = new FrameReader(segment, Math.max(stretch.end, segment.start()),
					Math.min(limit, segment.end()));
			Frame frame = reader.next();
			while (frame != null && stretch.fits(frame.header(), maxRows, maxBytes)) {
				stretch.add(frame);
				frame = reader.next();
			}
			if (frame != null || stretch.end >= limit) {
				return stretch;
			}
		}
		return stretch;
	}

	private boolean fits(FrameHeader next, int maxRows, long maxBytes) {
		return this.frames.isEmpty() || (this.rows + next.rows() <= maxRows && this.bytes + next.length() <= maxBytes);
	}

	private void add(Frame frame) {
		if (frame.header().kind() == Kind.ROWS) {
			this.frames.add(frame);
			this.rows += frame.header().rows();
			this.bytes += frame.header().length();
		}
		this.end = frame.header().end();
	}

	List<Frame> frames() {
		return this.frames;
	}

	/** Returns where it ends: the next one begins there. */
	public long end() {
		return this.end;
	}

	/** Returns how many rows it has. */
	public long rows() {
		return this.rows;
	}

}
