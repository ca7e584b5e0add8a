package io.observatory.storage.llm;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Who made a call and where. {@code toString()} shows the request id alone: a user id may
 * well be somebody's mail address.
 *
 * @param userId the user, or null
 * @param sessionId the session or conversation, or null
 * @param requestId the request it was made for, or null
 * @param environment the deployment environment, for instance {@code production}, or null
 * @param tags tags, in order
 * @param attributes more attributes of the span: strings, numbers, booleans, and lists,
 * arrays and maps of these; copied, but not what is nested in it
 */
public record LlmMetadata(@Nullable String userId, @Nullable String sessionId, @Nullable String requestId,
		@Nullable String environment, List<String> tags, Map<String, ?> attributes) {

	/** Nothing known. */
	public static final LlmMetadata NONE = builder().build();

	/** Copies tags and attributes. */
	public LlmMetadata {
		tags = List.copyOf(tags);
		attributes = Copies.of(attributes);
	}

	public static Builder builder() {
		return new Builder();
	}

	@Override
	public String toString() {
		return "LlmMetadata[requestId=" + this.requestId + "]";
	}

	/**
	 * Builds a {@link LlmMetadata}; each method sets what the record has by its name. Not
	 * thread-safe; may be reused.
	 */
	public static final class Builder {

		private @Nullable String userId;

		private @Nullable String sessionId;

		private @Nullable String requestId;

		private @Nullable String environment;

		private List<String> tags = List.of();

		private Map<String, ?> attributes = Map.of();

		private Builder() {
		}

		public Builder userId(@Nullable String userId) {
			this.userId = userId;
			return this;
		}

		public Builder sessionId(@Nullable String sessionId) {
			this.sessionId = sessionId;
			return this;
		}

		public Builder requestId(@Nullable String requestId) {
			this.requestId = requestId;
			return this;
		}

		public Builder environment(@Nullable String environment) {
			this.environment = environment;
			return this;
		}

		public Builder tags(List<String> tags) {
			this.tags = tags;
			return this;
		}

		public Builder attributes(Map<String, ?> attributes) {
			this.attributes = attributes;
			return this;
		}

		/** Returns the record. */
		public LlmMetadata build() {
			return new LlmMetadata(this.userId, this.sessionId, this.requestId, this.environment, this.tags,
					this.attributes);
		}

	}

}
