package io.observatory.storage.bench;

import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.observatory.storage.model.TraceSpan;

/**
 * What indexes for those who read cost those who write, beside the schema without them.
 * Each span is a call of a model, so that each is in the index of calls: the worst case.
 */
final class IndexesBench {

	private static final int SLOTS = 2;

	private static final String SERVICE = "CREATE INDEX idx_traces_service_name ON observatory.traces (service_name)";

	private static final String SERVICE_AND_TIME = "CREATE INDEX idx_traces_service_name ON observatory.traces (service_name, start_time DESC)";

	private static final String CALLS = """
			CREATE INDEX idx_spans_calls ON observatory.trace_spans (start_time DESC)
			WHERE attributes ->> 'gen_ai.operation.name'
			          IN ('chat', 'generate_content', 'text_completion', 'embeddings', 'embedding', 'image')
			   OR (attributes ->> 'gen_ai.operation.name' IS NULL
			       AND attributes ?| ARRAY['gen_ai.request.model', 'gen_ai.response.model', 'llm.model'])""";

	private static final String CONVERSATIONS = """
			CREATE INDEX idx_spans_conversation ON observatory.trace_spans ((attributes ->> 'gen_ai.conversation.id'))
			WHERE attributes ->> 'gen_ai.conversation.id' IS NOT NULL""";

	private static final String DURATION = "CREATE INDEX idx_traces_duration ON observatory.traces (duration_us)";

	private static final Map<String, List<String>> CANDIDATES = candidates();

	private final BenchServer server;

	private final BenchOptions options;

	IndexesBench(BenchServer server, BenchOptions options) {
		this.server = server;
		this.options = options;
	}

	private static Map<String, List<String>> candidates() {
		Map<String, List<String>> candidates = new LinkedHashMap<>();
		candidates.put("none", List.of(SERVICE));
		candidates.put("calls", List.of(SERVICE, CALLS));
		candidates.put("conversations", List.of(SERVICE, CONVERSATIONS));
		candidates.put("service and time", List.of(SERVICE_AND_TIME));
		candidates.put("duration", List.of(SERVICE, DURATION));
		return candidates;
	}

	void run() throws IOException {
		SpansWorkload fresh = new SpansWorkload();
		Variants variants = new Variants(
				List.of(CANDIDATES.keySet().stream().map((candidate) -> variant("new", fresh, candidate)).toList(),
						Stream.of("none", "calls")
							.map((candidate) -> variant("corrected", new CorrectedSpans(), candidate))
							.toList()));
		variants.run(this.options.rounds(5));
		variants.report(this.options.directory(), "indexes");
	}

	/** Spans that are corrected are there before. */
	private Variant variant(String spans, SpansWorkload workload, String candidate) {
		Cell before = new Cell(new SpansWorkload(), new Observatory(this.server.plain()), SLOTS);
		Cell cell = new Cell(workload, new Observatory(this.server.plain()), SLOTS);
		long rows = workload.rows(this.options.scale(1));
		Map<String, Object> labels = new LinkedHashMap<>();
		labels.put("spans", spans);
		labels.put("index", candidate);
		return new Variant(labels, () -> {
			this.server.empty();
			this.server.jdbc()
				.execute("DROP INDEX IF EXISTS observatory.idx_traces_service_name, observatory.idx_spans_calls, "
						+ "observatory.idx_spans_conversation, observatory.idx_traces_duration");
			CANDIDATES.get(candidate).forEach(this.server.jdbc()::execute);
			if (workload instanceof CorrectedSpans) {
				before.run(rows);
			}
			Measurement measurement = cell.run(rows);
			workload.verify(this.server.jdbc(), rows);
			return Variant.figures(measurement);
		});
	}

	/** The same spans, with a later end and one attribute more. */
	private static final class CorrectedSpans extends SpansWorkload {

		@Override
		TraceSpan record(long number) {
			TraceSpan span = super.record(number);
			Map<String, Object> attributes = new HashMap<>(span.attributes());
			attributes.put("gen_ai.usage.reasoning.output_tokens", 17);
			return TraceSpan.builder()
				.traceId(span.traceId())
				.spanId(span.spanId())
				.parentSpanId(span.parentSpanId())
				.name(span.name())
				.kind(span.kind())
				.serviceName(span.serviceName())
				.startTime(span.startTime())
				.endTime(Numbers.later(span.startTime(), 400))
				.status(span.status())
				.attributes(attributes)
				.events(span.events())
				.build();
		}

	}

}
