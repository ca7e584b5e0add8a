package io.observatory.storage.sample.demo;

import java.util.List;
import java.util.stream.Stream;

import io.observatory.storage.model.Metric;
import io.observatory.storage.writer.LogWriter;
import io.observatory.storage.writer.MetricWriter;
import io.observatory.storage.writer.TraceWriter;
import io.observatory.storage.writer.Writer;

/**
 * Writes conversations.
 *
 * @param traces takes their spans
 * @param metrics takes what was measured
 * @param logs takes what was logged
 */
record DemoWriters(TraceWriter traces, MetricWriter metrics, LogWriter logs) {

	void define(List<Metric> definitions) {
		this.metrics.write(definitions, List.of());
	}

	void write(List<Conversation> conversations) {
		this.traces.writeSpans(conversations.stream().flatMap((c) -> Stream.of(c.server(), c.tool())).toList());
		this.traces.writeLlmSpans(conversations.stream().map(Conversation::call).toList());
		this.traces.writeScores(conversations.stream().flatMap((c) -> c.scores().stream()).toList());
		this.logs.writeLogs(conversations.stream().flatMap((c) -> c.logs().stream()).toList());
		this.metrics.write(List.of(), conversations.stream().flatMap((c) -> c.points().stream()).toList());
	}

	long stored() {
		return all().mapToLong((writer) -> writer.writeStats().stored()).sum();
	}

	long buffered() {
		return all().mapToLong((writer) -> writer.bufferStats().rows()).sum();
	}

	private Stream<Writer> all() {
		return Stream.of(this.traces, this.metrics, this.logs);
	}

}
