package io.observatory.storage.llm.dialect;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.observatory.storage.llm.name.JsonText;
import io.observatory.storage.llm.name.LlmAttributes;
import org.jspecify.annotations.Nullable;

/**
 * The conversation that events tell, whether they came in a span or as log records with
 * its id. Three generations of OpenTelemetry's convention:
 * <table>
 * <caption>Events</caption>
 * <tr>
 * <td>1.27</td>
 * <td>{@code gen_ai.content.prompt}, {@code gen_ai.content.completion} with
 * {@code gen_ai.prompt}, {@code gen_ai.completion}</td>
 * </tr>
 * <tr>
 * <td>1.28</td>
 * <td>{@code gen_ai.system.message}, {@code gen_ai.user.message},
 * {@code gen_ai.assistant.message}, {@code gen_ai.tool.message}, {@code gen_ai.choice};
 * what was said is the body, or in attributes</td>
 * </tr>
 * <tr>
 * <td>1.37</td>
 * <td>{@code gen_ai.client.inference.operation.details} with
 * {@code gen_ai.input.messages}, {@code gen_ai.output.messages},
 * {@code gen_ai.system_instructions}</td>
 * </tr>
 * </table>
 * Events are added in their order. Not thread-safe.
 */
public final class EventMessages {

	/** What the names of all these events begin with. */
	public static final String PREFIX = "gen_ai.";

	private static final String CONTENT = "gen_ai.event.content";

	private final List<Map<String, Object>> system = new ArrayList<>();

	private final List<Map<String, Object>> input = new ArrayList<>();

	private final List<Map<String, Object>> output = new ArrayList<>();

	/**
	 * Adds an event; one of another name is none of a conversation.
	 * @param name the event's name
	 * @param attributes its attributes
	 * @param body the body of a log record, or null
	 */
	public void add(String name, Map<String, ?> attributes, @Nullable Object body) {
		switch (name) {
			case "gen_ai.content.prompt" ->
				this.input.addAll(Messages.read(whole(attributes, body, "gen_ai.prompt"), "user"));
			case "gen_ai.content.completion" ->
				this.output.addAll(Messages.read(whole(attributes, body, "gen_ai.completion"), "assistant"));
			case "gen_ai.client.inference.operation.details" -> addDetails(attributes, body);
			case "gen_ai.choice" -> this.output.addAll(Messages.read(said(attributes, body), "assistant"));
			case "gen_ai.system.message" -> this.system.addAll(Messages.read(said(attributes, body), "system"));
			case "gen_ai.user.message" -> this.input.addAll(Messages.read(said(attributes, body), "user"));
			case "gen_ai.assistant.message" -> this.input.addAll(Messages.read(said(attributes, body), "assistant"));
			case "gen_ai.tool.message", "gen_ai.tools.message" ->
				this.input.addAll(Messages.read(said(attributes, body), "tool"));
			default -> {
				// something else happened
			}
		}
	}

	private void addDetails(Map<String, ?> sent, @Nullable Object body) {
		Map<Object, @Nullable Object> attributes = new HashMap<>(JsonText.object(body));
		attributes.putAll(sent);
		this.system.addAll(Messages.read(attributes.get("gen_ai.system_instructions"), "system"));
		this.input.addAll(Messages.read(attributes.get(LlmAttributes.INPUT_MESSAGES), "user"));
		this.output.addAll(Messages.read(attributes.get(LlmAttributes.OUTPUT_MESSAGES), "assistant"));
	}

	/** What the attribute says, or the body: the same name within it, or all of it. */
	private static @Nullable Object whole(Map<String, ?> attributes, @Nullable Object body, String name) {
		Object within = JsonText.object(body).get(name);
		return (attributes.get(name) != null) ? attributes.get(name) : (within != null) ? within : body;
	}

	/**
	 * A body that is no object is what was said. In spans, which have no bodies, Azure's
	 * SDKs have it in {@value #CONTENT}.
	 */
	private static Map<String, @Nullable Object> said(Map<String, ?> attributes, @Nullable Object sent) {
		Object body = (sent == null || sent.toString().isBlank()) ? attributes.get(CONTENT) : sent;
		Map<String, @Nullable Object> said = new LinkedHashMap<>();
		attributes.forEach((name, value) -> {
			if (!name.contains(".")) {
				said.put(name, value);
			}
		});
		Map<?, ?> object = JsonText.object(body);
		object.forEach((name, value) -> said.put(String.valueOf(name), value));
		if (object.isEmpty() && body != null) {
			said.put("content", body);
		}
		return said;
	}

	/** What was given to the model, instructions first: log records come in no order. */
	public List<Map<String, Object>> input() {
		List<Map<String, Object>> all = new ArrayList<>(this.system);
		all.addAll(this.input);
		return all;
	}

	/** What the model answered. */
	public List<Map<String, Object>> output() {
		return this.output;
	}

}
