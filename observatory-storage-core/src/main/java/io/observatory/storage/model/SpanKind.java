package io.observatory.storage.model;

/**
 * The role of a span, as OpenTelemetry's trace API defines it.
 */
public enum SpanKind {

	INTERNAL("internal"), SERVER("server"), CLIENT("client"), PRODUCER("producer"), CONSUMER("consumer");

	private final String text;

	SpanKind(String text) {
		this.text = text;
	}

	/** Returns the text stored in {@code trace_spans.kind}. */
	public String text() {
		return this.text;
	}

}
