package io.observatory.storage.capture.opentelemetry;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

import io.observatory.storage.llm.dialect.Dialects;
import io.observatory.storage.llm.name.GenAiNames;
import io.observatory.storage.llm.name.LlmAttributes;
import io.observatory.storage.model.SpanEvent;
import io.observatory.storage.model.TraceSpan;

/**
 * Removes from a GenAI span what people, models and tools said: attributes of the span
 * and of its events, and the messages of its exceptions, which often quote the prompt.
 * Other spans are not changed.
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
		Map<String, ?> attributes = without(span.attributes(), Dialects::isContent);
		if (attributes == span.attributes() && span.statusMessage() == null && span.events().isEmpty()) {
			return span;
		}
		return span.toBuilder()
			.statusMessage(null)
			.attributes(attributes)
			.events(span.events().stream().map(ContentRemoval::from).toList())
			.build();
	}

	/** Every normalized span, from any dialect, has the version of the convention. */
	private static boolean isGenAi(Map<String, ?> attributes) {
		return attributes.containsKey(LlmAttributes.CONVENTION_VERSION) || has(attributes, GenAiNames::isContent);
	}

	private static boolean has(Map<String, ?> attributes, Predicate<String> content) {
		for (String name : attributes.keySet()) {
			if (content.test(name)) {
				return true;
			}
		}
		return false;
	}

	/** Most have nothing to remove. */
	private static Map<String, ?> without(Map<String, ?> attributes, Predicate<String> content) {
		if (!has(attributes, content)) {
			return attributes;
		}
		Map<String, Object> kept = new LinkedHashMap<>(attributes);
		kept.keySet().removeIf(content);
		return kept;
	}

	private static SpanEvent from(SpanEvent event) {
		boolean message = event.name().startsWith(GEN_AI_PREFIX);
		return new SpanEvent(event.name(), event.timestamp(),
				without(event.attributes(), (name) -> isContent(name, message)));
	}

	/** An older {@code gen_ai.user.message} has its text under {@code content}. */
	private static boolean isContent(String name, boolean message) {
		return Dialects.isContent(name) || EXCEPTION.contains(name) || (message && !name.startsWith(GEN_AI_PREFIX));
	}

}
