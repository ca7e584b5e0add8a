package io.observatory.storage.llm.dialect;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import io.observatory.storage.llm.name.ContentLimit;
import io.observatory.storage.llm.name.GenAiNames;
import io.observatory.storage.llm.name.JsonText;
import io.observatory.storage.llm.name.LlmAttributes;
import io.observatory.storage.model.SpanEvent;
import io.observatory.storage.model.Status;
import io.observatory.storage.model.TraceSpan;
import org.jspecify.annotations.Nullable;

/**
 * A span in the making: the attributes as they were sent, and beside them what they are
 * under the convention's newest names. What somebody sent under such a name wins over
 * what a dialect finds elsewhere; what a dialect replaces all the same is kept under
 * {@value #SENT} and its name. Attributes that must stay as they are become a copy when
 * the first is added.
 */
final class Translation {

	/** What was sent under a name that has one form, in another form. */
	static final String SENT = "observatory.sent.";

	/** Of what was said, in characters: the whole of it stays under the sender's name. */
	private static final ContentLimit LIMIT = new ContentLimit(1_000_000);

	private static final Set<String> COUNTS = Set.of(LlmAttributes.INPUT_TOKENS, LlmAttributes.OUTPUT_TOKENS,
			LlmAttributes.TOTAL_TOKENS, LlmAttributes.CACHE_READ_TOKENS, LlmAttributes.CACHE_WRITE_TOKENS,
			LlmAttributes.CACHE_WRITE_HOUR_TOKENS, LlmAttributes.REASONING_TOKENS, LlmAttributes.INPUT_AUDIO_TOKENS,
			LlmAttributes.OUTPUT_AUDIO_TOKENS);

	private final TraceSpan span;

	private final String[] sentNames;

	/** The sent ones, or their copy. */
	private Map<String, ?> attributes;

	private @Nullable Map<String, @Nullable Object> changeable;

	private Status status;

	private @Nullable String failure;

	private Translation(TraceSpan span, @Nullable Map<String, @Nullable Object> changeable) {
		this.span = span;
		this.sentNames = span.attributes().keySet().toArray(String[]::new);
		this.attributes = span.attributes();
		this.changeable = changeable;
		this.status = span.status();
	}

	/** Begins with a span whose attributes stay as they are. */
	static Translation of(TraceSpan span) {
		return new Translation(span, null);
	}

	/** Begins with a span whose attributes are changed. */
	@SuppressWarnings("unchecked") // any value may be put where values are only read
	static Translation inPlace(TraceSpan span) {
		return new Translation(span, (Map<String, @Nullable Object>) span.attributes());
	}

	private Map<String, @Nullable Object> changed() {
		if (this.changeable == null) {
			this.changeable = new LinkedHashMap<>(this.attributes.size() * 4 / 3 + 8);
			this.changeable.putAll(this.attributes);
			this.attributes = this.changeable;
		}
		return this.changeable;
	}

	/** The names of the attributes that were sent. */
	String[] sentNames() {
		return this.sentNames;
	}

	TraceSpan span() {
		return this.span;
	}

	/** The name of what instrumented it. */
	String scope() {
		return (this.attributes.get(TraceSpan.SCOPE) instanceof Map<?, ?> scope
				&& scope.get("name") instanceof String name) ? name : "";
	}

	List<SpanEvent> events() {
		return this.span.events();
	}

	@Nullable Object get(String name) {
		return this.attributes.get(name);
	}

	boolean has(String name) {
		return this.attributes.get(name) != null;
	}

	@Nullable String text(String name) {
		return (this.attributes.get(name) instanceof String text && !text.isBlank()) ? text : null;
	}

	/** An attribute that is a map, or an object in JSON; else an empty one. */
	Map<?, ?> object(String name) {
		return JsonText.object(this.attributes.get(name));
	}

	/** The list below a prefix that ends with a dot. */
	List<Object> flattened(String prefix) {
		return Flattened.list(this.attributes, prefix);
	}

	/**
	 * Puts a value in the type of its name, if that is not there yet. A number of tokens
	 * that is none, or negative, is unknown.
	 */
	void put(String name, @Nullable Object sent) {
		Object value = COUNTS.contains(name) ? count(sent) : sent;
		if (value == null || has(name) || isBlank(value) || GenAiNames.isUnknown(name, value)) {
			return;
		}
		Object typed = GenAiNames.typed(name, value);
		if (!(typed instanceof Collection<?> elements) || !elements.isEmpty()) {
			changed().put(name, typed);
		}
	}

	private static boolean isBlank(Object value) {
		return value instanceof String text && text.isBlank();
	}

	/** Puts the first of several attributes that is there. */
	void putFirst(String name, String... sent) {
		for (String one : sent) {
			put(name, this.attributes.get(one));
		}
	}

	static @Nullable Long count(@Nullable Object value) {
		Double number = number(value);
		return (number != null && number >= 0 && number < 1e15) ? Long.valueOf(Math.round(number)) : null;
	}

	/** Returns a number, itself or as a text, that is finite. */
	static @Nullable Double number(@Nullable Object value) {
		if (!(value instanceof Number) && !(value instanceof String)) {
			return null;
		}
		try {
			double number = Double.parseDouble(value.toString().strip());
			return Double.isFinite(number) ? number : null;
		}
		catch (NumberFormatException ex) {
			return null;
		}
	}

	/** Puts a time of milliseconds as seconds. */
	void putMillis(String name, @Nullable Object value) {
		Double millis = number(value);
		put(name, (millis != null && millis >= 0) ? Double.valueOf(millis / 1000) : null);
	}

	/** Puts what the sender says it cost, in US dollars. */
	void putCost(@Nullable Object total, @Nullable Object input, @Nullable Object output) {
		Double amount = number(total);
		if (amount != null && amount >= 0 && !has(LlmAttributes.COST_AMOUNT_USD)) {
			put(LlmAttributes.COST_AMOUNT_USD, amount);
			put(LlmAttributes.COST_PROMPT_USD, number(input));
			put(LlmAttributes.COST_COMPLETION_USD, number(output));
			put(LlmAttributes.COST_SOURCE, LlmAttributes.COST_SOURCE_CALLER);
		}
	}

	/** Puts what was said, in whichever shape. */
	void putMessages(String name, @Nullable Object value, String role) {
		if (value != null && !has(name)) {
			putMessages(name, Messages.read(value, role));
		}
	}

	void putMessages(String name, List<Map<String, Object>> messages) {
		if (!messages.isEmpty() && !has(name)) {
			put(name, LIMIT.limit(messages));
		}
	}

	/** Puts a value in place of what was sent under its name, once. */
	void replace(String name, Object value) {
		Object sent = this.attributes.get(name);
		if (!value.equals(sent) && !has(SENT + name)) {
			if (sent != null) {
				changed().put(SENT + name, sent);
			}
			changed().put(name, value);
		}
	}

	/**
	 * Takes away what says no more than that something is unknown, before a dialect that
	 * may know it looks whether it is there.
	 */
	void removeUnknown() {
		for (String name : GenAiNames.MAY_BE_UNKNOWN) {
			Object sent = get(name);
			if (sent != null && GenAiNames.isUnknown(name, sent)) {
				changed().remove(name);
				changed().putIfAbsent(SENT + name, sent);
			}
		}
	}

	/** Puts another type of the same value. */
	void retype(String name, Object value) {
		if (!value.equals(this.attributes.get(name))) {
			changed().put(name, value);
		}
	}

	/** Says that the call failed, though its status does not. */
	void fail(@Nullable String message) {
		this.status = Status.ERROR;
		this.failure = message;
	}

	/** What no dialect says, but another attribute does. */
	private void addImplied() {
		put(LlmAttributes.CONVERSATION_ID, this.attributes.get(LlmAttributes.SESSION_ID));
		Counts.addCacheThatIsMoreThanTheInput(this);
		if (!has(LlmAttributes.FINISH_REASONS)
				&& JsonText.container(get(LlmAttributes.OUTPUT_MESSAGES)) instanceof List<?> messages) {
			put(LlmAttributes.FINISH_REASONS,
					messages.stream()
						.map((message) -> JsonText.object(message).get("finish_reason"))
						.filter(Objects::nonNull)
						.toList());
		}
		put(LlmAttributes.CONVENTION_VERSION, LlmAttributes.CONVENTION_VERSION_VALUE);
	}

	/**
	 * Returns the span with what was put, or the given one if nothing was.
	 */
	TraceSpan result() {
		addImplied();
		if (this.attributes == this.span.attributes() && this.status == this.span.status()) {
			return this.span;
		}
		String message = this.span.statusMessage();
		return this.span.toBuilder()
			.status(this.status)
			.statusMessage((message != null) ? message : this.failure)
			.attributes(this.attributes)
			.build();
	}

}
