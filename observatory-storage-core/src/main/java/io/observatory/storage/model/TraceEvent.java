package io.observatory.storage.model;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * Something that happened in a span, stored as a row of its own in {@code trace_events}.
 * The span may be written later. {@code toString()} shows only the ids.
 *
 * @param id The row's id, a UUIDv7 unless set.
 * @param traceId The trace of the span.
 * @param spanId The span it happened in.
 * @param name The event's name; a name of more than 255 characters is cut and marked.
 * @param timestamp When it happened.
 * @param attributes The attributes: strings, numbers, booleans, and lists, arrays and
 * maps of these.
 */
public record TraceEvent(UUID id, String traceId, String spanId, String name, Instant timestamp,
		Map<String, ?> attributes) {

	public static Builder builder() {
		return new Builder();
	}

	/** Returns a builder with the values of this record. */
	public Builder toBuilder() {
		return builder().id(this.id)
			.traceId(this.traceId)
			.spanId(this.spanId)
			.name(this.name)
			.timestamp(this.timestamp)
			.attributes(this.attributes);
	}

	@Override
	public String toString() {
		return "TraceEvent[id=" + this.id + ", traceId=" + this.traceId + ", spanId=" + this.spanId + "]";
	}

	/**
	 * Builds a {@link TraceEvent}; each method sets what the record has by its name. Not
	 * thread-safe; may be reused.
	 */
	public static final class Builder {

		private @Nullable UUID id;

		private @Nullable String traceId;

		private @Nullable String spanId;

		private @Nullable String name;

		private @Nullable Instant timestamp;

		private Map<String, ?> attributes = Map.of();

		private Builder() {
		}

		public Builder id(UUID id) {
			this.id = id;
			return this;
		}

		public Builder traceId(String traceId) {
			this.traceId = traceId;
			return this;
		}

		public Builder spanId(String spanId) {
			this.spanId = spanId;
			return this;
		}

		public Builder name(String name) {
			this.name = name;
			return this;
		}

		public Builder timestamp(Instant timestamp) {
			this.timestamp = timestamp;
			return this;
		}

		public Builder attributes(Map<String, ?> attributes) {
			this.attributes = attributes;
			return this;
		}

		/**
		 * Returns the record.
		 * @throws NullPointerException when a required field was not set, naming it
		 */
		public TraceEvent build() {
			return new TraceEvent((this.id != null) ? this.id : Ids.next(),
					Check.required(this.traceId, "TraceEvent", "traceId"),
					Check.required(this.spanId, "TraceEvent", "spanId"),
					Check.required(this.name, "TraceEvent", "name"),
					Check.required(this.timestamp, "TraceEvent", "timestamp"), this.attributes);
		}

	}

}
