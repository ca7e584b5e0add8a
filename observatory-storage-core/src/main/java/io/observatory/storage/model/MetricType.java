package io.observatory.storage.model;

/**
 * What a metric's points mean.
 */
public enum MetricType {

	COUNTER("counter"), GAUGE("gauge"), HISTOGRAM("histogram"), SUMMARY("summary");

	private final String text;

	MetricType(String text) {
		this.text = text;
	}

	/** Returns the text stored in {@code metrics.metric_type}. */
	public String text() {
		return this.text;
	}

}
