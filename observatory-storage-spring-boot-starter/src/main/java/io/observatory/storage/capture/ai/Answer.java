package io.observatory.storage.capture.ai;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.metadata.Usage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.observation.ChatModelObservationContext;

/**
 * A chat model's data about its answer.
 *
 * @param id the provider's id of the answer
 * @param model the model that answered
 * @param finishReasons why it stopped
 * @param usage the tokens, as Spring AI has them from the provider
 */
record Answer(@Nullable String id, @Nullable String model, List<String> finishReasons, @Nullable Usage usage) {

	static final Answer NONE = new Answer(null, null, List.of(), null);

	/**
	 * Returns the answer to a call. The answer of a stream is taken from its chunks,
	 * because Spring AI's aggregate has no cached and no reasoning tokens, and does not
	 * exist for a stream that was cancelled or failed.
	 */
	static Answer of(ChatModelObservationContext context) {
		CapturedCall call = context.get(CapturedCall.class);
		StreamedAnswer streamed = (call != null) ? call.streamed() : null;
		if (streamed != null && streamed.hasBegun()) {
			return streamed.soFar();
		}
		ChatResponse response = context.getResponse();
		return (response != null) ? of(response) : NONE;
	}

	static Answer of(ChatResponse response) {
		ChatResponseMetadata metadata = response.getMetadata();
		return new Answer(known(metadata.getId(), null), known(metadata.getModel(), null), finishReasons(response),
				Tokens.isKnown(metadata.getUsage()) ? metadata.getUsage() : null);
	}

	private static List<String> finishReasons(ChatResponse response) {
		List<String> reasons = new ArrayList<>(1);
		for (Generation generation : response.getResults()) {
			String reason = known(generation.getMetadata().getFinishReason(), null);
			if (reason != null) {
				reasons.add(reason);
			}
		}
		return reasons;
	}

	/**
	 * Returns the answer after another chunk. The last usage counts, because providers
	 * repeat it or add to it.
	 */
	Answer and(ChatResponse chunk) {
		Answer next = of(chunk);
		return new Answer(known(next.id, this.id), known(next.model, this.model),
				next.finishReasons.isEmpty() ? this.finishReasons : next.finishReasons,
				(next.usage != null) ? next.usage : this.usage);
	}

	private static @Nullable String known(@Nullable String value, @Nullable String otherwise) {
		return (value != null && !value.isEmpty()) ? value : otherwise;
	}

}
