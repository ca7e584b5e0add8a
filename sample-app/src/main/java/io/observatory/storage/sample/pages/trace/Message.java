package io.observatory.storage.sample.pages.trace;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A message of a conversation.
 *
 * @param role who says it, such as {@code user}
 * @param name the participant's name, or null
 * @param output whether it is output of the call, not input
 * @param finishReason why the model stopped, or null
 * @param parts what is said
 */
record Message(String role, @Nullable String name, boolean output, @Nullable String finishReason, List<Part> parts) {

	/**
	 * The class of its role in the style sheet.
	 */
	public String style() {
		return switch (this.role) {
			case "system", "developer" -> "system";
			case "user", "human" -> "user";
			case "assistant", "model", "ai" -> "assistant";
			case "tool", "function" -> "tool";
			default -> "other";
		};
	}

	/**
	 * A part of a message.
	 *
	 * @param label what it is, if it is not text: a tool call, an image
	 * @param text the text, or JSON
	 * @param code whether it is shown as code
	 */
	record Part(@Nullable String label, String text, boolean code) {

		/** The number of characters that are shown at first. */
		private static final int HEAD = 2_000;

		/**
		 * The beginning.
		 */
		public String head() {
			return isLong() ? this.text.substring(0, cut()) : this.text;
		}

		/**
		 * The rest.
		 */
		public String rest() {
			return isLong() ? this.text.substring(cut()) : "";
		}

		public boolean isLong() {
			return this.text.length() > HEAD + HEAD / 4;
		}

		private int cut() {
			return Character.isHighSurrogate(this.text.charAt(HEAD - 1)) ? HEAD - 1 : HEAD;
		}

	}

}
