package io.observatory.storage.capture.ai;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import io.observatory.storage.llm.price.PriceList;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.MessageType;
import org.springframework.ai.chat.metadata.ChatGenerationMetadata;
import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.metadata.DefaultUsage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.model.MessageAggregator;
import org.springframework.ai.chat.observation.ChatModelObservationContext;
import org.springframework.ai.chat.observation.ChatModelObservationDocumentation;
import org.springframework.ai.chat.observation.DefaultChatModelObservationConvention;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.model.tool.ToolCallingChatOptions;

/**
 * Answers by itself, and is observed as Spring AI's own models are. Asked with tools it
 * first calls each of them; asked to fail it fails.
 */
class AnsweringChatModel implements ChatModel {

	static final String MODEL = "gpt-4o-2024-08-06";

	/** Where its price is from: the list and its version. */
	static final String PRICES = PriceList.builtIn().find("openai", MODEL, Instant.now(), 1).orElseThrow().source();

	static final String FAIL = "please fail";

	static final String ANSWER = "It is sunny in Rome. CANARY-ANSWER";

	private static final DefaultChatModelObservationConvention CONVENTION = new DefaultChatModelObservationConvention();

	private final ObservationRegistry registry;

	AnsweringChatModel(ObservationRegistry registry) {
		this.registry = registry;
	}

	@Override
	public ChatOptions getOptions() {
		return ToolCallingChatOptions.builder().model("gpt-4o").temperature(0.5).maxTokens(100).build();
	}

	@Override
	public ChatResponse call(Prompt asked) {
		Prompt prompt = withOptions(asked);
		ChatModelObservationContext context = context(prompt, false);
		return observation(context).observe(() -> {
			ChatResponse response = answer(prompt);
			context.setResponse(response);
			return response;
		});
	}

	@Override
	public Flux<ChatResponse> stream(Prompt asked) {
		Prompt prompt = withOptions(asked);
		return Flux.deferContextual((view) -> {
			ChatModelObservationContext context = context(prompt, true);
			Observation observation = observation(context);
			Observation parent = view.getOrDefault(ObservationThreadLocalAccessor.KEY, null);
			observation.parentObservation(parent);
			try (Observation.Scope ignored = (parent != null) ? parent.openScope() : Observation.Scope.NOOP) {
				observation.start();
			}
			Flux<ChatResponse> chunks = Flux.defer(() -> chunks(answer(prompt)))
				.doOnError(observation::error)
				.doFinally((signal) -> observation.stop())
				.contextWrite((ctx) -> ctx.put(ObservationThreadLocalAccessor.KEY, observation));
			return new MessageAggregator().aggregate(chunks, context::setResponse);
		});
	}

	private Prompt withOptions(Prompt prompt) {
		return (prompt.getOptions() != null) ? prompt : new Prompt(prompt.getInstructions(), getOptions());
	}

	private Observation observation(ChatModelObservationContext context) {
		return ChatModelObservationDocumentation.CHAT_MODEL_OPERATION.observation(null, CONVENTION, () -> context,
				this.registry);
	}

	private static ChatModelObservationContext context(Prompt prompt, boolean streaming) {
		return ChatModelObservationContext.builder().prompt(prompt).provider("openai").streaming(streaming).build();
	}

	private static ChatResponse answer(Prompt prompt) {
		if (prompt.getContents().contains(FAIL)) {
			throw new IllegalStateException("cannot answer: " + prompt.getContents());
		}
		boolean asked = prompt.getInstructions().stream().anyMatch((m) -> m.getMessageType() == MessageType.TOOL);
		List<AssistantMessage.ToolCall> calls = asked ? List.of() : toolCalls(prompt);
		return calls.isEmpty() ? response(ANSWER, List.of(), "stop") : response("", calls, "tool_calls");
	}

	private static List<AssistantMessage.ToolCall> toolCalls(Prompt prompt) {
		if (!(prompt.getOptions() instanceof ToolCallingChatOptions options) || options.getToolCallbacks() == null) {
			return List.of();
		}
		return options.getToolCallbacks()
			.stream()
			.map((tool) -> new AssistantMessage.ToolCall("call-1", "function", tool.getToolDefinition().name(),
					"{\"city\":\"Rome CANARY-ARGUMENT\",\"password\":\"hunter2\"}"))
			.toList();
	}

	private static ChatResponse response(String text, List<AssistantMessage.ToolCall> calls, @Nullable String reason) {
		AssistantMessage message = AssistantMessage.builder()
			.content(text)
			.properties(Map.of())
			.toolCalls(calls)
			.build();
		ChatGenerationMetadata metadata = (reason != null)
				? ChatGenerationMetadata.builder().finishReason(reason).build() : ChatGenerationMetadata.NULL;
		return new ChatResponse(List.of(new Generation(message, metadata)),
				ChatResponseMetadata.builder().id("answer-1").model(MODEL).usage(new DefaultUsage(1000, 100)).build());
	}

	/** A word a chunk, the last with the reason. */
	private static Flux<ChatResponse> chunks(ChatResponse whole) {
		AssistantMessage message = whole.getResult().getOutput();
		if (message.hasToolCalls()) {
			return Flux.just(whole);
		}
		String[] words = message.getText().split("(?<= )");
		return Flux.range(0, words.length)
			.map((i) -> response(words[i], List.of(), (i == words.length - 1) ? "stop" : null));
	}

}
