package io.observatory.storage.llm.dialect;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.observatory.storage.llm.GenAiNames;
import io.observatory.storage.llm.LlmAttributes;
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
 * <td>{@code gen_ai.usage.reasoning_tokens}, {@code .reasoning_output_tokens},
 * {@code .details.reasoning_tokens}, {@code .completion_tokens_details.reasoning},
 * {@code .completion_tokens_details.reasoning_tokens}</td>
 * <td>{@code gen_ai.usage.reasoning.output_tokens}</td>
 * </tr>
 * <tr>
 * <td>{@code gen_ai.usage.prompt_tokens_details.cache_read},
 * {@code .prompt_tokens_details.cached_tokens}, {@code .details.cached_tokens},
 * {@code .cached_input_tokens}, {@code .cached_tokens}</td>
 * <td>{@code gen_ai.usage.cache_read.input_tokens}</td>
 * </tr>
 * <tr>
 * <td>{@code gen_ai.usage.prompt_tokens_details.cache_write},
 * {@code .prompt_tokens_details.cache_creation_tokens}</td>
 * <td>{@code gen_ai.usage.cache_write.input_tokens}</td>
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

	private static final String[] REASONING = { "gen_ai.usage.reasoning_tokens", "gen_ai.usage.reasoning_output_tokens",
			"gen_ai.usage.details.reasoning_tokens", "gen_ai.usage.completion_tokens_details.reasoning",
			"gen_ai.usage.completion_tokens_details.reasoning_tokens" };

	private static final String[] CACHE_READ = { "gen_ai.usage.prompt_tokens_details.cache_read",
			"gen_ai.usage.prompt_tokens_details.cached_tokens", "gen_ai.usage.details.cached_tokens",
			"gen_ai.usage.cached_input_tokens", "gen_ai.usage.cached_tokens" };

	private static final String[] CACHE_WRITE = { "gen_ai.usage.prompt_tokens_details.cache_write",
			"gen_ai.usage.prompt_tokens_details.cache_creation_tokens" };

	private static final String[] FIRST_CHUNK = { "gen_ai.client.operation.time_to_first_chunk",
			"gen_ai.response.time_to_first_token", "gen_ai.server.time_to_first_token",
			"gen_ai.latency.time_to_first_token" };

	private static final String[] STOP = { "gen_ai.response.stop_reason" };

	private static final String[] STREAM = { "gen_ai.request.is_stream", "gen_ai.is_streaming" };

	private static final String[] USER = { "gen_ai.request.user", "gen_ai.user", "enduser.id" };

	/** Most spans have none of these: one look at each name tells. */
	private static final Set<String> OTHERS = Stream
		.of(REASONING, CACHE_READ, CACHE_WRITE, FIRST_CHUNK, STOP, STREAM, USER)
		.flatMap(Arrays::stream)
		.collect(Collectors.toUnmodifiableSet());

	@Override
	public List<String> prefixes() {
		return List.of("gen_ai.", "spring.ai.");
	}

	@Override
	public void translate(Translation span) {
		boolean others = false;
		for (String name : span.names()) {
			Object value = span.get(name);
			if (value != null && (name.startsWith("gen_ai.") || name.startsWith("spring.ai."))) {
				translate(span, name, value);
				others |= OTHERS.contains(name);
			}
		}
		if (others || span.has("enduser.id")) {
			addOtherNames(span);
		}
		addEvents(span);
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
		if (GenAiNames.isUnknown(name, value)) {
			span.remove(name);
			return;
		}
		Object typed = GenAiNames.typed(name, value);
		if (typed instanceof Number || typed instanceof Boolean) {
			span.retype(name, typed);
		}
		else if (!typed.equals(value)) {
			span.replace(name, typed);
		}
	}

	private static void addOtherNames(Translation span) {
		span.putFirst(LlmAttributes.REASONING_TOKENS, REASONING);
		span.putFirst(LlmAttributes.CACHE_READ_TOKENS, CACHE_READ);
		span.putFirst(LlmAttributes.CACHE_WRITE_TOKENS, CACHE_WRITE);
		span.putFirst(LlmAttributes.TIME_TO_FIRST_CHUNK, FIRST_CHUNK);
		span.putFirst(LlmAttributes.FINISH_REASONS, STOP);
		span.putFirst(LlmAttributes.REQUEST_STREAM, STREAM);
		span.putFirst(LlmAttributes.USER_ID, USER);
	}

	private static void addEvents(Translation span) {
		if (span.events().isEmpty()) {
			return;
		}
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
