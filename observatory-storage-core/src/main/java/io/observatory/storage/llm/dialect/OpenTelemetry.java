package io.observatory.storage.llm.dialect;

import java.util.List;

import io.observatory.storage.llm.name.GenAiNames;
import io.observatory.storage.llm.name.LlmAttributes;
import io.observatory.storage.model.SpanEvent;

/**
 * OpenTelemetry's own convention in its three generations, and what instrumentations by
 * it (the contrib repositories, vLLM, Datadog, the Vercel AI SDK 7, Spring AI) call
 * things that it had no name for. Source: open-telemetry/semantic-conventions 1.27 to
 * 1.41.1 and semantic-conventions-genai at 002c8a6.
 * <table>
 * <caption>Names</caption>
 * <tr>
 * <td>{@code gen_ai.system} and the other older names</td>
 * <td>{@link GenAiNames}</td>
 * </tr>
 * <tr>
 * <td>{@code gen_ai.prompt}, {@code gen_ai.completion} (1.27); events
 * ({@link EventMessages})</td>
 * <td>{@code gen_ai.input.messages}, {@code gen_ai.output.messages}</td>
 * </tr>
 * <tr>
 * <td>{@code gen_ai.usage.details.*} (Pydantic AI), {@code .prompt_tokens_details.*},
 * {@code .completion_tokens_details.*} and the like</td>
 * <td>{@code gen_ai.usage.*}: see {@link GenAiNames}</td>
 * </tr>
 * <tr>
 * <td>{@code gen_ai.client.operation.time_to_first_chunk} (Vercel AI 7),
 * {@code gen_ai.response.time_to_first_token}, {@code gen_ai.server.time_to_first_token},
 * {@code gen_ai.latency.time_to_first_token} (vLLM); all in seconds</td>
 * <td>{@code gen_ai.response.time_to_first_chunk}</td>
 * </tr>
 * <tr>
 * <td>{@code gen_ai.response.stop_reason}</td>
 * <td>{@code gen_ai.response.finish_reasons}</td>
 * </tr>
 * <tr>
 * <td>{@code gen_ai.request.is_stream}, {@code gen_ai.is_streaming}</td>
 * <td>{@code gen_ai.request.stream}</td>
 * </tr>
 * <tr>
 * <td>{@code gen_ai.request.user}, {@code gen_ai.user}, {@code enduser.id}</td>
 * <td>{@code user.id}</td>
 * </tr>
 * </table>
 */
final class OpenTelemetry implements Dialect {

	/** In order: vLLM says what the caller, the model and the server saw. */
	private static final String[] FIRST_CHUNK = { "gen_ai.client.operation.time_to_first_chunk",
			"gen_ai.response.time_to_first_token", "gen_ai.server.time_to_first_token",
			"gen_ai.latency.time_to_first_token" };

	@Override
	public List<String> prefixes() {
		return List.of("gen_ai.", "spring.ai.");
	}

	@Override
	public void translate(Translation span) {
		for (String name : span.sentNames()) {
			Object value = GenAiNames.isKnown(name) ? span.get(name) : null;
			if (value != null) {
				translate(span, name, value);
			}
		}
		span.putFirst(LlmAttributes.TIME_TO_FIRST_CHUNK, FIRST_CHUNK);
		span.put(LlmAttributes.USER_ID, span.get("enduser.id"));
		if (!span.events().isEmpty()) {
			addEvents(span);
		}
	}

	private static void translate(Translation span, String name, Object value) {
		String newest = GenAiNames.newest(name);
		if (newest.equals(name)) {
			normalize(span, name, value);
		}
		else if (newest.equals(LlmAttributes.INPUT_MESSAGES)) {
			addContent(span, newest, value, "user");
		}
		else if (newest.equals(LlmAttributes.OUTPUT_MESSAGES)) {
			addContent(span, newest, value, "assistant");
		}
		else {
			span.put(newest, value);
		}
	}

	/** Of a tool it is arguments and result. */
	private static void addContent(Translation span, String newest, Object value, String role) {
		if (!span.has(LlmAttributes.TOOL_CALL_ARGUMENTS)) {
			span.putMessages(newest, value, role);
		}
	}

	private static void normalize(Translation span, String name, Object value) {
		Object typed = GenAiNames.typed(name, value);
		if (typed instanceof Number || typed instanceof Boolean) {
			span.retype(name, typed);
		}
		else if (!typed.equals(value)) {
			span.replace(name, typed);
		}
	}

	private static void addEvents(Translation span) {
		EventMessages messages = new EventMessages();
		for (SpanEvent event : span.events()) {
			if (event.name().startsWith(EventMessages.PREFIX)) {
				messages.add(event.name(), event.attributes(), null);
			}
		}
		span.putMessages(LlmAttributes.INPUT_MESSAGES, messages.input());
		span.putMessages(LlmAttributes.OUTPUT_MESSAGES, messages.output());
	}

}
