package io.observatory.storage.llm.name;

/**
 * The attributes of a span made from a {@code LlmSpan}. Those that hold what people and
 * models said are {@link #SOURCE_INPUT}, {@link #SOURCE_OUTPUT}, {@link #INPUT_MESSAGES}
 * and {@link #OUTPUT_MESSAGES}: a redactor takes these.
 * <p>
 * {@code SOURCE_…} are the source system's names where OpenTelemetry's GenAI convention
 * has another (see {@link AttributeNames}).
 */
public final class LlmAttributes {

	/** The version of the convention that the {@code gen_ai.*} names are of. */
	public static final String CONVENTION_VERSION_VALUE = "1.41.1";

	/** The value of {@link #COST_SOURCE} where the caller gave the cost. */
	public static final String COST_SOURCE_CALLER = "caller";

	/** The value of {@link #ERROR_TYPE} where the type of a failure is not known. */
	public static final String ERROR_TYPE_OTHER = "_OTHER";

	// two names: the source's

	/** String: the provider, as the caller calls it. */
	public static final String SOURCE_PROVIDER = "llm.provider";

	/** String: the model asked for. */
	public static final String SOURCE_MODEL = "llm.model";

	/** Integer: tokens of the input. */
	public static final String SOURCE_PROMPT_TOKENS = "llm.usage.prompt_tokens";

	/** Integer: tokens of the output. */
	public static final String SOURCE_COMPLETION_TOKENS = "llm.usage.completion_tokens";

	/** Integer, milliseconds: the call's duration; elsewhere the span's own duration. */
	public static final String SOURCE_TOTAL_MS = "llm.latency.total_ms";

	/** Integer, milliseconds: time to the first token. */
	public static final String SOURCE_TTFT_MS = "llm.latency.ttft_ms";

	/**
	 * Object, content: {@code {type: text, prompt}}, {@code {type: chat, messages}} or
	 * {@code {type: multimodal, parts}}.
	 */
	public static final String SOURCE_INPUT = "llm.input";

	/** Object, content: {@code {content, finish_reason, metadata}}. */
	public static final String SOURCE_OUTPUT = "llm.output";

	// two names: the convention's

	/** String: the provider, as the convention calls it. */
	public static final String PROVIDER_NAME = "gen_ai.provider.name";

	/** String: the model asked for. */
	public static final String REQUEST_MODEL = "gen_ai.request.model";

	/** Integer: tokens of the input, cached ones included. */
	public static final String INPUT_TOKENS = "gen_ai.usage.input_tokens";

	/** Integer: tokens of the output, reasoning included. */
	public static final String OUTPUT_TOKENS = "gen_ai.usage.output_tokens";

	/** Double, seconds: time to the first token. */
	public static final String TIME_TO_FIRST_CHUNK = "gen_ai.response.time_to_first_chunk";

	/** List, content: {@code [{role, parts: [{type: text, content}], name}]}. */
	public static final String INPUT_MESSAGES = "gen_ai.input.messages";

	/**
	 * List, content: {@code [{role, parts: [{type: text, content}], finish_reason}]},
	 * with the output's metadata beside them.
	 */
	public static final String OUTPUT_MESSAGES = "gen_ai.output.messages";

	/**
	 * String: the session, as the convention calls it; {@link #SESSION_ID} is there too.
	 */
	public static final String CONVERSATION_ID = "gen_ai.conversation.id";

	// one name

	/** String: {@value #CONVENTION_VERSION_VALUE}. */
	public static final String CONVENTION_VERSION = "gen_ai.convention.version";

	/** String: what was asked for, {@code chat} by default. */
	public static final String OPERATION_NAME = "gen_ai.operation.name";

	/** Integer: the most tokens the answer may have. */
	public static final String REQUEST_MAX_TOKENS = "gen_ai.request.max_tokens";

	/** Double: the temperature asked for. */
	public static final String REQUEST_TEMPERATURE = "gen_ai.request.temperature";

	/** Double: the top_p asked for. */
	public static final String REQUEST_TOP_P = "gen_ai.request.top_p";

	/** Integer: the top_k asked for. */
	public static final String REQUEST_TOP_K = "gen_ai.request.top_k";

	/** Double: the frequency penalty asked for. */
	public static final String REQUEST_FREQUENCY_PENALTY = "gen_ai.request.frequency_penalty";

	/** Double: the presence penalty asked for. */
	public static final String REQUEST_PRESENCE_PENALTY = "gen_ai.request.presence_penalty";

	/** List of strings: what ends the answer. */
	public static final String REQUEST_STOP_SEQUENCES = "gen_ai.request.stop_sequences";

	/** Boolean: whether the answer was streamed. */
	public static final String REQUEST_STREAM = "gen_ai.request.stream";

	/** Integer: how many dimensions an embedding has. */
	public static final String EMBEDDING_DIMENSIONS = "gen_ai.embeddings.dimension.count";

	/** String: the tool that was called. */
	public static final String TOOL_NAME = "gen_ai.tool.name";

	/** String: what kind of tool it is, {@code function} for most. */
	public static final String TOOL_TYPE = "gen_ai.tool.type";

	/** String: what the tool is said to do. */
	public static final String TOOL_DESCRIPTION = "gen_ai.tool.description";

	/** String: the id of the call, as the model gave it. */
	public static final String TOOL_CALL_ID = "gen_ai.tool.call.id";

	/** Content: what the model gave the tool. */
	public static final String TOOL_CALL_ARGUMENTS = "gen_ai.tool.call.arguments";

	/** Content: what the tool answered. */
	public static final String TOOL_CALL_RESULT = "gen_ai.tool.call.result";

	/** String: the provider's id of the answer. */
	public static final String RESPONSE_ID = "gen_ai.response.id";

	/** String: the model that answered. */
	public static final String RESPONSE_MODEL = "gen_ai.response.model";

	/** List of strings: why the model stopped. */
	public static final String FINISH_REASONS = "gen_ai.response.finish_reasons";

	/** Integer: input tokens taken from the provider's cache. */
	public static final String CACHE_READ_TOKENS = "gen_ai.usage.cache_read.input_tokens";

	/**
	 * Integer: input tokens written to the provider's cache. The convention's newer name:
	 * 1.41.1 itself still says {@code gen_ai.usage.cache_creation.input_tokens}.
	 */
	public static final String CACHE_WRITE_TOKENS = "gen_ai.usage.cache_write.input_tokens";

	/**
	 * Integer: those of them that are kept there for an hour, which some providers charge
	 * more for. The convention has no name for it.
	 */
	public static final String CACHE_WRITE_HOUR_TOKENS = "gen_ai.usage.cache_write_1h.input_tokens";

	/** Integer: input tokens that are sound. The convention has no name for it. */
	public static final String INPUT_AUDIO_TOKENS = "gen_ai.usage.audio.input_tokens";

	/** Integer: output tokens that are sound. The convention has no name for it. */
	public static final String OUTPUT_AUDIO_TOKENS = "gen_ai.usage.audio.output_tokens";

	/** Integer: output tokens spent on reasoning. */
	public static final String REASONING_TOKENS = "gen_ai.usage.reasoning.output_tokens";

	/** Integer: all tokens. */
	public static final String TOTAL_TOKENS = "llm.usage.total_tokens";

	/** Double, US dollars: the whole cost. */
	public static final String COST_AMOUNT_USD = "llm.cost.amount_usd";

	/** Double, US dollars: the input's part of the cost. */
	public static final String COST_PROMPT_USD = "llm.cost.prompt_usd";

	/** Double, US dollars: the output's part of the cost. */
	public static final String COST_COMPLETION_USD = "llm.cost.completion_usd";

	/**
	 * Double, units of {@link #COST_CURRENCY}: the whole cost where it is not in dollars.
	 */
	public static final String COST_AMOUNT = "llm.cost.amount";

	/** Double, units of {@link #COST_CURRENCY}: the input's part where not in dollars. */
	public static final String COST_PROMPT = "llm.cost.prompt";

	/**
	 * Double, units of {@link #COST_CURRENCY}: the output's part where not in dollars.
	 */
	public static final String COST_COMPLETION = "llm.cost.completion";

	/** String, ISO 4217: the currency where it is not the US dollar. */
	public static final String COST_CURRENCY = "llm.cost.currency";

	/**
	 * String: where the cost comes from, {@value #COST_SOURCE_CALLER} or
	 * {@code ModelPrice.source()}, which for the prices of this library is the list and
	 * its version.
	 */
	public static final String COST_SOURCE = "llm.cost.source";

	/** String: the user. */
	public static final String USER_ID = "user.id";

	/** String: the session. */
	public static final String SESSION_ID = "session.id";

	/** String: the deployment environment. */
	public static final String ENVIRONMENT = "deployment.environment";

	/** String: the request that the call was made for. */
	public static final String REQUEST_ID = "llm.request.id";

	/** List of strings: tags. */
	public static final String TAGS = "llm.tags";

	/** String: what kind of failure it was, if it failed. */
	public static final String ERROR_TYPE = "error.type";

	private LlmAttributes() {
	}

}
