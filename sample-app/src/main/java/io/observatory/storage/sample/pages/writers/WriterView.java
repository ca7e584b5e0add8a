package io.observatory.storage.sample.pages.writers;

import java.util.List;

import io.observatory.storage.stats.BufferStats;
import io.observatory.storage.stats.SpoolStats;
import io.observatory.storage.stats.WriteStats;
import io.observatory.storage.stats.WriterStatus;
import org.jspecify.annotations.Nullable;

/**
 * The state of a writer at one moment.
 *
 * @param name its name
 * @param status its status
 * @param buffer how full its buffer is
 * @param spool how full its buffer on disk is, or null if it has none
 * @param writes the counts of its records
 * @param history rows a second, at the last views of the page
 */
record WriterView(String name, WriterStatus status, BufferStats buffer, @Nullable SpoolStats spool, WriteStats writes,
		List<Double> history) {

	private static final double WIDTH = 240;

	private static final double HEIGHT = 32;

	public boolean isPaused() {
		return this.status.state() == WriterStatus.State.PAUSED;
	}

	public boolean isClosed() {
		return this.status.state() == WriterStatus.State.CLOSED;
	}

	/**
	 * The CSS class of its state.
	 */
	public String tone() {
		return switch (this.status.state()) {
			case RUNNING -> "good";
			case PAUSED, RETRYING -> "warn";
			case STOPPED, FAILED, CLOSED -> "error";
		};
	}

	/**
	 * Records a second that were stored or put into dead letters.
	 */
	public long rate() {
		return Math.round(this.writes.rowsPerSecond());
	}

	public long heldRows() {
		return this.buffer.rows() + this.buffer.inFlightRows();
	}

	public long heldBytes() {
		return this.buffer.bytes() + this.buffer.inFlightBytes();
	}

	/**
	 * The history as points of an SVG polyline, the newest at the right.
	 */
	public String sparkline() {
		double highest = this.history.stream().mapToDouble(Double::doubleValue).max().orElse(0);
		StringBuilder points = new StringBuilder();
		for (int i = 0; i < this.history.size(); i++) {
			double x = WIDTH - (this.history.size() - 1 - i) * WIDTH / (Throughput.MAX_SAMPLES - 1);
			double y = HEIGHT - 1 - ((highest > 0) ? this.history.get(i) / highest * (HEIGHT - 2) : 0);
			points.append(Math.round(x * 10) / 10.0).append(',').append(Math.round(y * 10) / 10.0).append(' ');
		}
		return points.toString().strip();
	}

}
