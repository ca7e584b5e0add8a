package io.observatory.storage.capture.opentelemetry;

/**
 * Start times of data points as text. Nearly all points of an export have the same, and
 * writing it costs more than the rest of a point. Not thread-safe.
 */
final class StartTimes {

	private long last;

	private String text = "";

	/**
	 * Returns a time in ISO 8601.
	 */
	String text(long epochNanos) {
		if (epochNanos != this.last || this.text.isEmpty()) {
			this.last = epochNanos;
			this.text = SdkValues.time(epochNanos).toString();
		}
		return this.text;
	}

}
