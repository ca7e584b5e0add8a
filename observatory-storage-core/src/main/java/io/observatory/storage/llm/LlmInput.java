package io.observatory.storage.llm;

import java.util.List;

import io.observatory.storage.model.Check;

/**
 * What a model was given: a prompt, the messages of a chat, or parts of several kinds.
 * Its length has no bound here; the writer bounds the row. {@code toString()} shows the
 * type alone.
 */
public sealed interface LlmInput {

	/**
	 * A prompt of text.
	 *
	 * @param prompt the prompt
	 */
	record Text(String prompt) implements LlmInput {

		/**
		 * Checks that the prompt is there.
		 * @throws NullPointerException when it is not
		 */
		public Text {
			Check.required(prompt, "LlmInput.Text", "prompt");
		}

		@Override
		public String toString() {
			return "LlmInput.Text";
		}

	}

	/**
	 * The messages of a chat.
	 *
	 * @param messages the messages, oldest first
	 */
	record Messages(List<ChatMessage> messages) implements LlmInput {

		/**
		 * Copies the list.
		 * @throws NullPointerException when the list is null or has a null
		 */
		public Messages {
			messages = List.copyOf(Check.required(messages, "LlmInput.Messages", "messages"));
		}

		@Override
		public String toString() {
			return "LlmInput.Messages";
		}

	}

	/**
	 * Text, images and sound of one user message.
	 *
	 * @param parts the parts, in order
	 */
	record Multimodal(List<ContentPart> parts) implements LlmInput {

		/**
		 * Copies the list.
		 * @throws NullPointerException when the list is null or has a null
		 */
		public Multimodal {
			parts = List.copyOf(Check.required(parts, "LlmInput.Multimodal", "parts"));
		}

		@Override
		public String toString() {
			return "LlmInput.Multimodal";
		}

	}

}
