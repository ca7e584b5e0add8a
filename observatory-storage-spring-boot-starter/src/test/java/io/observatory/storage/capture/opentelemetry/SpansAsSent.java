package io.observatory.storage.capture.opentelemetry;

import java.util.Collection;

import io.observatory.storage.writer.TraceWriter;
import io.opentelemetry.sdk.trace.data.SpanData;

/**
 * Does what {@link ObservatorySpanExporter} does, but leaves names and costs as they
 * came.
 */
public final class SpansAsSent {

	private SpansAsSent() {
	}

	/** Stores the spans. */
	public static void store(Collection<SpanData> spans, TraceWriter writer) {
		if (!writer.offerSpans(SpanMapping.spans(spans).stream().map(ContentRemoval::from).toList())) {
			throw new IllegalStateException("No room");
		}
	}

}
