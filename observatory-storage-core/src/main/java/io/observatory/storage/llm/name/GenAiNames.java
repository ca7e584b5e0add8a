package io.observatory.storage.llm.name;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * The attributes of a GenAI span under the names of OpenTelemetry's convention, version
 * {@value LlmAttributes#CONVENTION_VERSION_VALUE}, whatever generation of names they came
 * under; with numbers as numbers and lists as lists, though Spring AI says all in
 * strings. What has no older name and no type here passes as it is. Functions without a
 * state, thread-safe.
 */
public final class GenAiNames {

	/** What some senders give a value for that says no more than that it is not known. */
	public static final List<String> MAY_BE_UNKNOWN = List.of(LlmAttributes.OPERATION_NAME, LlmAttributes.REQUEST_MODEL,
			LlmAttributes.RESPONSE_MODEL);

	/** What Spring AI, or Python, says of a model that it does not know. */
	private static final String NONE = "none";

	private static final String PREFIX = "gen_ai.";

	private static final String SPRING_AI_PREFIX = "spring.ai.";

	/** From another name to the newest one: the older, Spring AI's, other people's. */
	private static final Map<String, String> ALIASES = aliases(
			"""
					gen_ai.provider.name                     gen_ai.system
					gen_ai.usage.input_tokens                gen_ai.usage.prompt_tokens
					gen_ai.usage.output_tokens               gen_ai.usage.completion_tokens
					llm.usage.total_tokens                   gen_ai.usage.total_tokens
					gen_ai.usage.cache_read.input_tokens     gen_ai.usage.cache_read_input_tokens gen_ai.usage.cached_input_tokens \
					gen_ai.usage.cached_tokens gen_ai.usage.prompt_tokens_details.cache_read \
					gen_ai.usage.prompt_tokens_details.cached_tokens gen_ai.usage.input_tokens.cached \
					gen_ai.usage.details.cached_tokens gen_ai.usage.details.cache_read_tokens \
					gen_ai.usage.details.cache_read_input_tokens gen_ai.usage.details.cached_content_tokens
					gen_ai.usage.cache_write.input_tokens    gen_ai.usage.cache_creation.input_tokens \
					gen_ai.usage.cache_creation_input_tokens gen_ai.usage.cache_write_input_tokens \
					gen_ai.usage.prompt_tokens_details.cache_write \
					gen_ai.usage.prompt_tokens_details.cache_creation_tokens gen_ai.usage.input_tokens.cache_write \
					gen_ai.usage.details.cache_write_tokens gen_ai.usage.details.cache_creation_input_tokens
					gen_ai.usage.cache_write_1h.input_tokens gen_ai.usage.cache_creation.ephemeral_1h_input_tokens \
					gen_ai.usage.cache_creation.ephemeral_1h.input_tokens gen_ai.usage.details.ephemeral_1h_input_tokens \
					anthropic.usage.cache_creation.ephemeral_1h_input_tokens
					gen_ai.usage.reasoning.output_tokens     gen_ai.usage.reasoning_tokens gen_ai.usage.reasoning_output_tokens \
					gen_ai.usage.output_tokens.reasoning gen_ai.usage.completion_tokens_details.reasoning \
					gen_ai.usage.completion_tokens_details.reasoning_tokens gen_ai.usage.details.reasoning_tokens \
					gen_ai.usage.details.thoughts_tokens
					gen_ai.usage.audio.input_tokens          gen_ai.usage.prompt_tokens_details.audio \
					gen_ai.usage.prompt_tokens_details.audio_tokens gen_ai.usage.input_audio_tokens \
					gen_ai.usage.details.input_audio_tokens gen_ai.usage.details.audio_prompt_tokens
					gen_ai.usage.audio.output_tokens         gen_ai.usage.completion_tokens_details.audio \
					gen_ai.usage.completion_tokens_details.audio_tokens gen_ai.usage.output_audio_tokens \
					gen_ai.usage.details.output_audio_tokens gen_ai.usage.details.audio_candidates_tokens
					gen_ai.response.finish_reasons           gen_ai.response.finish_reason gen_ai.response.stop_reason
					gen_ai.request.stream                    gen_ai.request.is_stream gen_ai.is_streaming
					user.id                                  gen_ai.request.user gen_ai.user
					gen_ai.output.type                       gen_ai.openai.request.response_format
					gen_ai.request.seed                      gen_ai.openai.request.seed
					openai.request.service_tier              gen_ai.openai.request.service_tier
					openai.response.service_tier             gen_ai.openai.response.service_tier
					openai.response.system_fingerprint       gen_ai.openai.response.system_fingerprint
					gen_ai.embeddings.dimension.count        gen_ai.request.embedding.dimensions
					gen_ai.input.messages                    gen_ai.prompt
					gen_ai.output.messages                   gen_ai.completion
					gen_ai.conversation.id                   spring.ai.chat.client.conversation.id
					gen_ai.tool.name                         spring.ai.tool.definition.name
					gen_ai.tool.description                  spring.ai.tool.definition.description
					gen_ai.tool.type                         spring.ai.tool.type
					gen_ai.tool.call.id                      spring.ai.tool.call.id
					gen_ai.tool.call.arguments               spring.ai.tool.call.arguments
					gen_ai.tool.call.result                  spring.ai.tool.call.result
					""");

	/** Operations as providers and instrumentations call them, in lower case. */
	private static final Map<String, String> OPERATIONS = Map.ofEntries(Map.entry("embedding", "embeddings"),
			Map.entry("embed", "embeddings"), Map.entry("chat.completion", "chat"),
			Map.entry("chat.completions", "chat"), Map.entry("chat_completion", "chat"), Map.entry("responses", "chat"),
			Map.entry("response", "chat"), Map.entry("messages", "chat"), Map.entry("message", "chat"),
			Map.entry("converse", "chat"), Map.entry("converse_stream", "chat"),
			Map.entry("completion", "text_completion"), Map.entry("completions", "text_completion"),
			Map.entry("image_generation", "image"), Map.entry("images", "image"),
			Map.entry("audio", "generate_content"), Map.entry("speech", "generate_content"),
			Map.entry("transcription", "generate_content"), Map.entry("reranking", "rerank"),
			Map.entry("guard", "guardrail"), Map.entry("guardrail.run", "guardrail"));

	/** What a string becomes under these names. */
	private static final Map<String, Function<String, Object>> TYPES = types();

	/** All of these names: a single look tells that there is nothing to do. */
	private static final Set<String> KNOWN = known();

	/**
	 * From the convention's name to the source system's. A map of {@code Map.of} would
	 * make its entries anew each time that it is gone through.
	 */
	private static final Map<String, String> SOURCE_NAMES = new HashMap<>(
			Map.of(LlmAttributes.PROVIDER_NAME, LlmAttributes.SOURCE_PROVIDER, LlmAttributes.REQUEST_MODEL,
					LlmAttributes.SOURCE_MODEL, LlmAttributes.INPUT_TOKENS, LlmAttributes.SOURCE_PROMPT_TOKENS,
					LlmAttributes.OUTPUT_TOKENS, LlmAttributes.SOURCE_COMPLETION_TOKENS, LlmAttributes.INPUT_MESSAGES,
					LlmAttributes.SOURCE_INPUT, LlmAttributes.OUTPUT_MESSAGES, LlmAttributes.SOURCE_OUTPUT,
					LlmAttributes.TIME_TO_FIRST_CHUNK, LlmAttributes.SOURCE_TTFT_MS));

	private static final Set<String> CONTENT = Set.of(LlmAttributes.INPUT_MESSAGES, LlmAttributes.OUTPUT_MESSAGES,
			LlmAttributes.SOURCE_INPUT, LlmAttributes.SOURCE_OUTPUT, LlmAttributes.TOOL_CALL_ARGUMENTS,
			LlmAttributes.TOOL_CALL_RESULT, "gen_ai.system_instructions", "gen_ai.tool.definitions", "gen_ai.prompt",
			"gen_ai.completion", "spring.ai.tool.call.arguments", "spring.ai.tool.call.result",
			"db.vector.query.content", "db.vector.query.filter", "db.vector.query.response.documents");

	private GenAiNames() {
	}

	/** A line for each newest name. */
	private static Map<String, String> aliases(String table) {
		Map<String, String> aliases = new HashMap<>();
		table.lines().forEach((line) -> {
			String[] names = line.strip().split(" +");
			for (int i = 1; i < names.length; i++) {
				aliases.put(names[i], names[0]);
			}
		});
		return aliases;
	}

	private static Set<String> known() {
		Set<String> known = new HashSet<>(ALIASES.keySet());
		known.addAll(TYPES.keySet());
		known.addAll(MAY_BE_UNKNOWN);
		return known;
	}

	private static Map<String, Function<String, Object>> types() {
		Map<String, Function<String, Object>> types = new HashMap<>();
		for (String name : List.of(LlmAttributes.INPUT_TOKENS, LlmAttributes.OUTPUT_TOKENS, LlmAttributes.TOTAL_TOKENS,
				LlmAttributes.CACHE_READ_TOKENS, LlmAttributes.CACHE_WRITE_TOKENS,
				LlmAttributes.CACHE_WRITE_HOUR_TOKENS, LlmAttributes.REASONING_TOKENS, LlmAttributes.INPUT_AUDIO_TOKENS,
				LlmAttributes.OUTPUT_AUDIO_TOKENS, LlmAttributes.REQUEST_MAX_TOKENS, LlmAttributes.REQUEST_TOP_K,
				LlmAttributes.EMBEDDING_DIMENSIONS, "gen_ai.request.choice.count", "gen_ai.request.seed")) {
			types.put(name, GenAiNames::integer);
		}
		for (String name : List.of(LlmAttributes.REQUEST_TEMPERATURE, LlmAttributes.REQUEST_TOP_P,
				LlmAttributes.REQUEST_FREQUENCY_PENALTY, LlmAttributes.REQUEST_PRESENCE_PENALTY,
				LlmAttributes.TIME_TO_FIRST_CHUNK)) {
			types.put(name, GenAiNames::real);
		}
		types.put(LlmAttributes.REQUEST_STREAM, GenAiNames::bool);
		types.put(LlmAttributes.REQUEST_STOP_SEQUENCES, GenAiNames::list);
		types.put("gen_ai.request.encoding_formats", GenAiNames::list);
		types.put(LlmAttributes.FINISH_REASONS, FinishReasons::canonicalList);
		types.put(LlmAttributes.PROVIDER_NAME, ProviderNames::canonical);
		types.put(LlmAttributes.OPERATION_NAME, GenAiNames::operation);
		return types;
	}

	/**
	 * Returns whether an attribute of that name, of either generation, holds what people,
	 * models and tools said.
	 */
	public static boolean isContent(String name) {
		return CONTENT.contains(name) || name.startsWith("gen_ai.prompt.") || name.startsWith("gen_ai.completion.");
	}

	/**
	 * Returns whether an attribute of that name has a newer name, or a value in one form
	 * or type. Of any other there is nothing to be made.
	 */
	public static boolean isKnown(String name) {
		return KNOWN.contains(name);
	}

	/**
	 * Returns the newest name of an attribute, which is the given one for most.
	 */
	public static String newest(String name) {
		return ALIASES.getOrDefault(name, name);
	}

	/**
	 * Puts the attributes of a GenAI span under the newest names, with the convention's
	 * version; those of another span stay as they are.
	 * @param attributes the attributes under any names, which must be changeable; an
	 * attribute that is there under its newest name wins over the same under an older one
	 * @param names which names to use for what has two
	 */
	public static void normalize(Map<String, @Nullable Object> attributes, AttributeNames names) {
		if (!isGenAi(attributes)) {
			return;
		}
		Map<String, Object> renamed = removeOlder(attributes);
		renamed.forEach(attributes::putIfAbsent);
		attributes.putIfAbsent(LlmAttributes.CONVENTION_VERSION, LlmAttributes.CONVENTION_VERSION_VALUE);
		if (names.source()) {
			addSourceNames(attributes, names.genAi());
		}
	}

	/**
	 * Types what has its newest name, and takes out the rest.
	 * @return what had an older name, under the newest
	 */
	private static Map<String, Object> removeOlder(Map<String, @Nullable Object> attributes) {
		Map<String, Object> renamed = new HashMap<>();
		Iterator<Map.Entry<String, @Nullable Object>> entries = attributes.entrySet().iterator();
		while (entries.hasNext()) {
			Map.Entry<String, @Nullable Object> entry = entries.next();
			String newest = newest(entry.getKey());
			Object value = entry.getValue();
			if (value == null || isUnknown(newest, value)) {
				entries.remove();
			}
			else if (newest.equals(entry.getKey())) {
				entry.setValue(typed(newest, value));
			}
			else {
				entries.remove();
				renamed.put(newest, typed(newest, value));
			}
		}
		return renamed;
	}

	/**
	 * Returns whether a value says no more than that a model, or an operation, is not
	 * known.
	 */
	public static boolean isUnknown(String name, Object value) {
		if (!(value instanceof String text)) {
			return false;
		}
		return name.equals(LlmAttributes.OPERATION_NAME) ? operation(text).isBlank()
				: NONE.equalsIgnoreCase(text) && MAY_BE_UNKNOWN.contains(name);
	}

	private static boolean isGenAi(Map<String, ?> attributes) {
		for (String name : attributes.keySet()) {
			if (name.startsWith(PREFIX) || name.startsWith(SPRING_AI_PREFIX)) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Returns a value in the type and the form that its attribute has: Spring AI says all
	 * in strings, and a provider, an operation or a finish reason has many spellings. One
	 * that is not the number it should be is returned as it is.
	 * @param name the attribute's newest name
	 * @param value what somebody sent under it
	 */
	public static Object typed(String name, Object value) {
		if (value instanceof String text) {
			Function<String, Object> type = TYPES.get(name);
			return (type != null) ? type.apply(text) : text;
		}
		return name.equals(LlmAttributes.FINISH_REASONS) ? FinishReasons.canonicalList(value) : value;
	}

	/** One element if it is no list: a stop sequence may hold commas. */
	private static List<String> list(String text) {
		return text.strip().startsWith("[") ? FinishReasons.list(text) : List.of(text);
	}

	/** What is not the number it should be stays as it came: a wrong type loses less. */
	private static Object integer(String text) {
		try {
			return Long.valueOf(text.strip());
		}
		catch (NumberFormatException ex) {
			return real(text);
		}
	}

	private static String operation(String operation) {
		String name = operation.strip().toLowerCase(Locale.ROOT);
		return OPERATIONS.getOrDefault(name, name);
	}

	private static Object real(String text) {
		try {
			double number = Double.parseDouble(text.strip());
			return Double.isFinite(number) ? number : text;
		}
		catch (NumberFormatException ex) {
			return text;
		}
	}

	private static Object bool(String text) {
		return switch (text.strip().toLowerCase(Locale.ROOT)) {
			case "true" -> true;
			case "false" -> false;
			default -> text;
		};
	}

	private static void addSourceNames(Map<String, @Nullable Object> attributes, boolean besides) {
		SOURCE_NAMES.forEach((name, source) -> {
			Object value = attributes.get(name);
			if (value == null) {
				return;
			}
			attributes.putIfAbsent(source, sourceValue(name, value));
			if (!besides) {
				attributes.remove(name);
			}
		});
	}

	private static Object sourceValue(String name, Object value) {
		if (name.equals(LlmAttributes.TIME_TO_FIRST_CHUNK) && value instanceof Number seconds) {
			return Math.round(seconds.doubleValue() * 1000);
		}
		return value;
	}

}
