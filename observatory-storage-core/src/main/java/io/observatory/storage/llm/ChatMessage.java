package io.observatory.storage.llm;

import io.observatory.storage.model.Check;
import org.jspecify.annotations.Nullable;

/**
 * A message of a chat. {@code toString()} shows nothing of it.
 *
 * @param role who says it: {@code system}, {@code user}, {@code assistant}, {@code tool},
 * or any other role the provider has
 * @param content what is said
 * @param name the participant's name, or null
 */
public record ChatMessage(String role, String content, @Nullable String name) {

	/**
	 * Checks that role and content are there.
	 * @throws NullPointerException when one is not, naming it
	 */
	public ChatMessage {
		Check.required(role, "ChatMessage", "role");
		Check.required(content, "ChatMessage", "content");
	}

	/** Returns a message of a participant without a name. */
	public static ChatMessage of(String role, String content) {
		return new ChatMessage(role, content, null);
	}

	@Override
	public String toString() {
		return "ChatMessage";
	}

}
