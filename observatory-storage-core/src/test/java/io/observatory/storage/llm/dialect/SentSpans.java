package io.observatory.storage.llm.dialect;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.observatory.storage.model.SpanEvent;
import io.observatory.storage.model.SpanKind;
import io.observatory.storage.model.Status;
import io.observatory.storage.model.TraceSpan;
import io.observatory.storage.testing.Records;
import tools.jackson.databind.json.JsonMapper;

/**
 * Spans as instrumentations send them, one in JSON on a line, from a file of
 * {@code dialects/}; its README says where they come from.
 */
final class SentSpans {

	static final JsonMapper JSON = JsonMapper.shared();

	/** In the second in which Langfuse's stream had its first chunk. */
	private static final Instant START = Instant.parse("2026-11-28T18:19:22Z");

	private SentSpans() {
	}

	static List<TraceSpan> of(String file) {
		return lines(file).stream().map(SentSpans::span).toList();
	}

	@SuppressWarnings("unchecked")
	static List<Map<String, Object>> lines(String file) {
		try (InputStream in = SentSpans.class.getResourceAsStream("/dialects/" + file)) {
			String text = new String(Objects.requireNonNull(in, file).readAllBytes(), StandardCharsets.UTF_8);
			return text.lines()
				.filter((line) -> !line.isBlank())
				.map((line) -> (Map<String, Object>) JSON.readValue(line, Map.class))
				.toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@SuppressWarnings("unchecked")
	private static TraceSpan span(Map<String, Object> line) {
		Instant start = line.containsKey("start") ? Instant.parse((String) line.get("start")) : START;
		Number duration = (Number) line.getOrDefault("duration_us", 1000);
		return TraceSpan.builder()
			.traceId(Records.traceId(7))
			.spanId((String) line.get("span_id"))
			.parentSpanId((String) line.get("parent_span_id"))
			.name((String) line.get("name"))
			.kind(SpanKind.valueOf(((String) line.getOrDefault("kind", "internal")).toUpperCase(java.util.Locale.ROOT)))
			.serviceName((String) line.getOrDefault("service", "app"))
			.startTime(start)
			.endTime(start.plus(Duration.ofNanos(duration.longValue() * 1000)))
			.status(Status.valueOf(((String) line.getOrDefault("status", "unset")).toUpperCase(java.util.Locale.ROOT)))
			.statusMessage((String) line.get("status_message"))
			.attributes((Map<String, Object>) line.get("attributes"))
			.events(events((List<Map<String, Object>>) line.get("events")))
			.build();
	}

	@SuppressWarnings("unchecked")
	private static List<SpanEvent> events(List<Map<String, Object>> events) {
		if (events == null) {
			return List.of();
		}
		return events.stream()
			.map((event) -> new SpanEvent((String) event.get("name"), START,
					(Map<String, Object>) event.getOrDefault("attributes", Map.of())))
			.toList();
	}

}
