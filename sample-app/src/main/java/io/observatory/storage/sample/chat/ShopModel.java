package io.observatory.storage.sample.chat;

import java.util.List;
import java.util.Map;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
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
 * A model that needs no network: it calls its tool to look an order up, and then answers.
 * It is observed like Spring AI's own models.
 */
class ShopModel implements ChatModel {

	static final String SYSTEM = "You are the assistant of an online shop. Answer briefly.";

	private static final String MODEL = "gpt-4o-mini";

	private static final int CHARACTERS_A_TOKEN = 4;

	private static final DefaultChatModelObservationConvention CONVENTION = new DefaultChatModelObservationConvention();

	private final ObservationRegistry registry;

	ShopModel(ObservationRegistry registry) {
		this.registry = registry;
	}

	@Override
	public ChatOptions getOptions() {
		return ToolCallingChatOptions.builder().model(MODEL).build();
	}

	@Override
	public ChatResponse call(Prompt prompt) {
		ChatModelObservationContext context = context(prompt, false);
		return observation(context).observe(() -> {
			ChatResponse response = answer(prompt);
			context.setResponse(response);
			return response;
		});
	}

	@Override
	public Flux<ChatResponse> stream(Prompt prompt) {
		return Flux.deferContextual((view) -> {
			ChatModelObservationContext context = context(prompt, true);
			Observation observation = observation(context);
			Observation parent = view.getOrDefault(ObservationThreadLocalAccessor.KEY, null);
			observation.parentObservation(parent);
			try (Observation.Scope scope = (parent != null) ? parent.openScope() : Observation.Scope.NOOP) {
				observation.start();
			}
			Flux<ChatResponse> chunks = Flux.defer(() -> chunks(answer(prompt), prompt))
				.doOnError(observation::error)
				.doFinally((signal) -> observation.stop())
				.contextWrite((current) -> current.put(ObservationThreadLocalAccessor.KEY, observation));
			return new MessageAggregator().aggregate(chunks, context::setResponse);
		});
	}

	private Observation observation(ChatModelObservationContext context) {
		return ChatModelObservationDocumentation.CHAT_MODEL_OPERATION.observation(null, CONVENTION, () -> context,
				this.registry);
	}

	private static ChatModelObservationContext context(Prompt prompt, boolean streaming) {
		return ChatModelObservationContext.builder().prompt(prompt).provider("openai").streaming(streaming).build();
	}

	private static ChatResponse answer(Prompt prompt) {
		boolean lookedUp = prompt.getInstructions()
			.stream()
			.anyMatch((message) -> message.getMessageType() == MessageType.TOOL);
		if (!lookedUp) {
			AssistantMessage.ToolCall call = new AssistantMessage.ToolCall("call_1", "function", "order_status",
					"{\"order\":\"1042\"}");
			return response("", List.of(call), "tool_calls", prompt);
		}
		return response("Your order left our warehouse yesterday and is on its way to you.", List.of(), "stop", prompt);
	}

	private static Flux<ChatResponse> chunks(ChatResponse whole, Prompt prompt) {
		AssistantMessage message = whole.getResults().get(0).getOutput();
		if (message.hasToolCalls()) {
			return Flux.just(whole);
		}
		String[] words = String.valueOf(message.getText()).split("(?<= )");
		return Flux.fromArray(words).map((word) -> response(word, List.of(), "stop", prompt));
	}

	private static ChatResponse response(String text, List<AssistantMessage.ToolCall> calls, String reason,
			Prompt prompt) {
		AssistantMessage message = AssistantMessage.builder()
			.content(text)
			.properties(Map.of())
			.toolCalls(calls)
			.build();
		return new ChatResponse(
				List.of(new Generation(message, ChatGenerationMetadata.builder().finishReason(reason).build())),
				ChatResponseMetadata.builder()
					.model(MODEL)
					.usage(new DefaultUsage(tokens(prompt.getContents()), Math.max(1, tokens(text))))
					.build());
	}

	private static int tokens(String text) {
		return text.length() / CHARACTERS_A_TOKEN;
	}

}
