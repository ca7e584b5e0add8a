package io.observatory.storage.capture.opentelemetry;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import io.observatory.storage.llm.GenAiNames;
import io.observatory.storage.llm.LlmAttributes;
import io.observatory.storage.model.SpanEvent;
import io.observatory.storage.model.TraceSpan;

/**
 * Takes out of a GenAI span what people, models and tools said: attributes of the span
 * and of its events, and the messages of its exceptions, which often quote the prompt.
 * Other spans pass as they are.
 */
final class ContentRemoval {

	private static final String GEN_AI_PREFIX = "gen_ai.";

	private static final Set<String> EXCEPTION = Set.of("exception.message", "exception.stacktrace");

	private ContentRemoval() {
	}

	static TraceSpan from(TraceSpan span) {
		if (!isGenAi(span.attributes())) {
			return span;
		}
		Map<String, Object> attributes = new LinkedHashMap<>(span.attributes());
		attributes.keySet().removeIf(GenAiNames::isContent);
		return new TraceSpan(span.traceId(), span.spanId(), span.parentSpanId(), span.name(), span.kind(),
				span.serviceName(), span.startTime(), span.endTime(), span.durationUs(), span.status(), null,
				attributes, span.events().stream().map(ContentRemoval::from).toList(), span.links());
	}

	/** What has been normalized says after which version. */
	private static boolean isGenAi(Map<String, ?> attributes) {
		if (attributes.containsKey(LlmAttributes.CONVENTION_VERSION)) {
			return true;
		}
		for (String name : attributes.keySet()) {
			if (GenAiNames.isContent(name)) {
				return true;
			}
		}
		return false;
	}

	private static SpanEvent from(SpanEvent event) {
		boolean message = event.name().startsWith(GEN_AI_PREFIX);
		Map<String, Object> attributes = new LinkedHashMap<>(event.attributes());
		attributes.keySet().removeIf((name) -> isContent(name, message));
		return new SpanEvent(event.name(), event.timestamp(), attributes);
	}

	/** An older {@code gen_ai.user.message} has its text under {@code content}. */
	private static boolean isContent(String name, boolean message) {
		return GenAiNames.isContent(name) || EXCEPTION.contains(name) || (message && !name.startsWith(GEN_AI_PREFIX));
	}

}
