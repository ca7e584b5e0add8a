package io.observatory.storage.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import io.observatory.storage.model.SpanKind;
import io.observatory.storage.model.Status;
import io.observatory.storage.model.TraceSpan;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Spans with an LLM's prompt of 10 to 200 KB in their attributes: how fast they are
 * stored and how large they are then, with each compression that the server has for
 * values out of line (PostgreSQL manual, "TOAST").
 */
final class LargeJsonBench {

	private static final int[] KILOBYTES = { 10, 50, 200 };

	private static final int SLOTS = 2;

	private final BenchServer server;

	private final BenchOptions options;

	LargeJsonBench(BenchServer server, BenchOptions options) {
		this.server = server;
		this.options = options;
	}

	void run() throws IOException {
		List<List<Variant>> groups = new ArrayList<>();
		for (int kilobytes : KILOBYTES) {
			groups.add(compressions().stream().map((compression) -> variant(kilobytes, compression)).toList());
		}
		Variants variants = new Variants(groups);
		variants.run(this.options.rounds(4));
		variants.report(this.options.directory(), "large-json");
	}

	/** Not every server is built with lz4. */
	private List<String> compressions() {
		return this.server.jdbc()
			.queryForList(
					"SELECT unnest(enumvals) FROM pg_settings WHERE name = 'default_toast_compression' ORDER BY 1 DESC",
					String.class);
	}

	private Variant variant(int kilobytes, String compression) {
		SpansWorkload workload = new Prompts(kilobytes);
		long rows = workload.rows(this.options.scale(1) / kilobytes);
		Cell cell = new Cell(workload, new Observatory(this.server.plain()), SLOTS);
		Map<String, Object> labels = new LinkedHashMap<>();
		labels.put("promptKilobytes", kilobytes);
		labels.put("compression", compression);
		return new Variant(labels, () -> {
			JdbcTemplate jdbc = this.server.jdbc();
			jdbc.execute("ALTER TABLE observatory.trace_spans ALTER COLUMN attributes SET COMPRESSION " + compression);
			Map<String, Double> figures = new LinkedHashMap<>(Variant.figures(this.server.measure(cell, rows)));
			figures.put("storedBytesPerRow", size(jdbc) / rows);
			figures.put("queryMillis", queryMillis(jdbc));
			return figures;
		});
	}

	private static double size(JdbcTemplate jdbc) {
		return jdbc.queryForObject("SELECT pg_total_relation_size('observatory.trace_spans')", Double.class);
	}

	/** Returns how long a search in all prompts takes. */
	private static double queryMillis(JdbcTemplate jdbc) {
		long begun = System.nanoTime();
		jdbc.queryForObject(
				"SELECT count(*) FROM observatory.trace_spans WHERE attributes ->> 'gen_ai.prompt' LIKE '%no such words%'",
				Long.class);
		return (System.nanoTime() - begun) / 1e6;
	}

	/** Spans, each with one of a few hundred prompts. */
	private static final class Prompts extends SpansWorkload {

		private static final int PROMPTS = 200;

		private final List<String> prompts;

		Prompts(int kilobytes) {
			this.prompts = IntStream.range(0, PROMPTS)
				.mapToObj((seed) -> new Prose(seed).text(kilobytes * 1000))
				.toList();
		}

		@Override
		TraceSpan record(long number) {
			TraceSpan span = super.record(number);
			return TraceSpan.builder()
				.traceId(span.traceId())
				.spanId(span.spanId())
				.parentSpanId(span.parentSpanId())
				.name(span.name())
				.kind(SpanKind.CLIENT)
				.serviceName(span.serviceName())
				.startTime(span.startTime())
				.endTime(span.endTime())
				.status(Status.OK)
				.attributes(Map.of("gen_ai.request.model", "model-large", "gen_ai.prompt",
						this.prompts.get((int) (number % PROMPTS))))
				.build();
		}

	}

}
