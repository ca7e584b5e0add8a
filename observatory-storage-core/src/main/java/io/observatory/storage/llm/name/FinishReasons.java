package io.observatory.storage.llm.name;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * Why a model stopped, in one form whatever its provider says: {@code stop},
 * {@code length}, {@code tool_calls}, {@code content_filter}, {@code error}. Functions
 * without a state, thread-safe.
 * <table>
 * <caption>What providers say</caption>
 * <tr>
 * <td>{@code stop}</td>
 * <td>OpenAI stop; Anthropic and Bedrock end_turn, stop_sequence; Gemini STOP; Cohere
 * COMPLETE; Hugging Face eos_token</td>
 * </tr>
 * <tr>
 * <td>{@code length}</td>
 * <td>OpenAI length; Anthropic, Cohere and Bedrock max_tokens; Gemini MAX_TOKENS;
 * OpenAI's Responses max_output_tokens; Mistral model_length</td>
 * </tr>
 * <tr>
 * <td>{@code tool_calls}</td>
 * <td>OpenAI tool_calls, function_call; Anthropic and Bedrock tool_use; Vercel AI
 * tool-calls; OpenTelemetry tool_call</td>
 * </tr>
 * <tr>
 * <td>{@code content_filter}</td>
 * <td>OpenAI content_filter; Vercel AI content-filter; Gemini SAFETY, RECITATION,
 * BLOCKLIST, PROHIBITED_CONTENT, SPII; Bedrock guardrail_intervened, content_filtered;
 * Anthropic refusal; Cohere ERROR_TOXIC</td>
 * </tr>
 * </table>
 */
public final class FinishReasons {

	private static final Map<String, String> REASONS = reasons(
			"""
					stop            end_turn stop_sequence stop_sequences eos eos_token eos_found complete completed finished end
					length          max_tokens max_output_tokens max_length model_length token_limit incomplete error_limit \
					model_context_window_exceeded
					tool_calls      tool_call tool_use function_call function_calls toolcalls
					content_filter  content_filtered safety recitation blocklist prohibited_content spii image_safety refusal \
					guardrail_intervened error_toxic language
					error           failed malformed_function_call malformed_model_output malformed_tool_use
					""");

	private FinishReasons() {
	}

	/**
	 * Returns the one form of a reason; one that is not known in lower case, with
	 * underscores.
	 * @param reason the reason as a provider or an SDK says it, such as
	 * {@code FinishReason.MAX_TOKENS}
	 */
	public static String canonical(String reason) {
		String known = REASONS.get(reason);
		if (known != null) {
			return known;
		}
		String name = reason.substring(reason.lastIndexOf('.') + 1).strip().toLowerCase(Locale.ROOT).replace('-', '_');
		return REASONS.getOrDefault(name, name);
	}

	/**
	 * Returns the reasons of a value in their one form.
	 * @param value a list, a text with one reason, or a text that is a list in JSON, in
	 * Python or with commas
	 */
	@SuppressWarnings("unchecked")
	public static List<String> canonicalList(@Nullable Object value) {
		if (value instanceof List<?> elements && isCanonical(elements)) {
			return (List<String>) elements;
		}
		return list(value).stream().map(FinishReasons::canonical).filter((reason) -> !reason.isEmpty()).toList();
	}

	/** Most are: to look is quicker than to make another list. */
	private static boolean isCanonical(List<?> elements) {
		for (Object element : elements) {
			if (!(element instanceof String reason) || !reason.equals(REASONS.get(reason))) {
				return false;
			}
		}
		return true;
	}

	/** Returns the texts of a list, whichever way it was written. */
	static List<String> list(@Nullable Object value) {
		if (value instanceof Collection<?> elements) {
			return texts(elements.stream());
		}
		if (value instanceof Object[] elements) {
			return texts(Arrays.stream(elements));
		}
		String text = (value != null) ? value.toString().strip() : "";
		return (JsonText.parse(text) instanceof List<?> elements) ? texts(elements.stream()) : split(text);
	}

	private static List<String> texts(Stream<?> elements) {
		return elements.filter((element) -> element != null && !element.toString().isBlank())
			.map(Object::toString)
			.toList();
	}

	/** What Python prints for a tuple, or a list in words. */
	private static List<String> split(String text) {
		boolean bracketed = text.length() >= 2 && "([".indexOf(text.charAt(0)) >= 0;
		List<String> elements = new ArrayList<>();
		for (String element : (bracketed ? text.substring(1, text.length() - 1) : text).split(",")) {
			String stripped = element.strip();
			boolean quoted = stripped.length() >= 2 && "'\"".indexOf(stripped.charAt(0)) >= 0;
			elements.add(quoted ? stripped.substring(1, stripped.length() - 1) : stripped);
		}
		elements.removeIf(String::isEmpty);
		return elements;
	}

	private static Map<String, String> reasons(String table) {
		Map<String, String> reasons = new HashMap<>();
		table.lines().forEach((line) -> {
			String[] words = line.strip().split(" +");
			for (String word : words) {
				reasons.put(word, words[0]);
			}
		});
		return Map.copyOf(reasons);
	}

}
