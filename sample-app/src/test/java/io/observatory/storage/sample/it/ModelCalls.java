package io.observatory.storage.sample.it;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.observatory.storage.llm.price.PriceList;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Tracer;

/**
 * One call of a model twice: as Spring AI and others say it in older names and strings,
 * and as the convention says it.
 */
final class ModelCalls {

	private ModelCalls() {
	}

	static void record(Tracer tracer, String question) {
		tracer.spanBuilder("older")
			.setAttribute("gen_ai.operation.name", "chat")
			.setAttribute("gen_ai.system", "vertex_ai")
			.setAttribute("gen_ai.request.model", "gemini-2.5-flash")
			.setAttribute("gen_ai.response.model", "none")
			.setAttribute("gen_ai.request.temperature", "0.5")
			.setAttribute("gen_ai.request.stream", "true")
			.setAttribute("gen_ai.usage.prompt_tokens", "1000")
			.setAttribute("gen_ai.usage.completion_tokens", 100)
			.setAttribute("gen_ai.usage.total_tokens", "1100")
			.setAttribute("gen_ai.response.finish_reasons", "[\"stop\", \"length\"]")
			.setAttribute("gen_ai.prompt", question)
			.setAttribute("spring.ai.chat.client.conversation.id", "conversation-1")
			.setAttribute("of.somebody.else", "12")
			.startSpan()
			.end();
		tracer.spanBuilder("newest")
			.setAttribute("gen_ai.operation.name", "chat")
			.setAttribute("gen_ai.provider.name", "gcp.vertex_ai")
			.setAttribute("gen_ai.request.model", "gemini-2.5-flash")
			.setAttribute("gen_ai.request.temperature", 0.5)
			.setAttribute("gen_ai.request.stream", true)
			.setAttribute("gen_ai.usage.input_tokens", 1000)
			.setAttribute("gen_ai.usage.output_tokens", 100)
			.setAttribute("llm.usage.total_tokens", 1100)
			.setAttribute(AttributeKey.stringArrayKey("gen_ai.response.finish_reasons"), List.of("stop", "length"))
			.setAttribute("gen_ai.input.messages", question)
			.setAttribute("gen_ai.conversation.id", "conversation-1")
			.setAttribute("of.somebody.else", "12")
			.startSpan()
			.end();
	}

	/** What the one in the newest names should be stored with. */
	static Object newest(String question) {
		return Canonical.of(attributes(question));
	}

	/** And the other: the same beside what was sent. */
	static Object older(String question) {
		Map<String, Object> attributes = new HashMap<>(attributes(
				List.of(Map.of("role", "user", "parts", List.of(Map.of("type", "text", "content", question))))));
		attributes.putAll(Map.of("gen_ai.system", "vertex_ai", "gen_ai.usage.prompt_tokens", "1000",
				"gen_ai.usage.completion_tokens", 100, "gen_ai.usage.total_tokens", "1100", "gen_ai.prompt", question,
				"spring.ai.chat.client.conversation.id", "conversation-1", "observatory.sent.gen_ai.response.model",
				"none", "observatory.sent.gen_ai.response.finish_reasons", "[\"stop\", \"length\"]"));
		return Canonical.of(attributes);
	}

	private static Map<String, Object> attributes(Object question) {
		return Map.ofEntries(Map.entry("gen_ai.operation.name", "chat"),
				Map.entry("gen_ai.provider.name", "gcp.vertex_ai"),
				Map.entry("gen_ai.request.model", "gemini-2.5-flash"), Map.entry("gen_ai.request.temperature", 0.5),
				Map.entry("gen_ai.request.stream", true), Map.entry("gen_ai.usage.input_tokens", 1000),
				Map.entry("gen_ai.usage.output_tokens", 100), Map.entry("llm.usage.total_tokens", 1100),
				Map.entry("llm.cost.amount_usd", 0.00055), Map.entry("llm.cost.prompt_usd", 0.0003),
				Map.entry("llm.cost.completion_usd", 0.00025),
				Map.entry("llm.cost.source",
						PriceList.builtIn()
							.find("gcp.vertex_ai", "gemini-2.5-flash", Instant.now(), 1000)
							.orElseThrow()
							.source()),
				Map.entry("gen_ai.response.finish_reasons", List.of("stop", "length")),
				Map.entry("gen_ai.input.messages", question), Map.entry("gen_ai.conversation.id", "conversation-1"),
				Map.entry("gen_ai.convention.version", "1.41.1"), Map.entry("of.somebody.else", "12"));
	}

	/** A row's attributes without what OpenTelemetry says of where they come from. */
	static Object ownAttributes(Map<String, Object> row) {
		Map<Object, Object> attributes = new TreeMap<>((Map<?, ?>) row.get("attributes"));
		attributes.keySet().removeIf((name) -> name.toString().startsWith("otel."));
		return attributes;
	}

}
