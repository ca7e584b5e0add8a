package io.observatory.storage.model;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * A span: one operation of a trace. A span may be written several times, for instance
 * when it starts and when it ends. A version with an end replaces one without, and a
 * later end replaces an earlier one. Of two versions with the same end always the same
 * one is kept, so that the order of arrival does not matter. A span needs no
 * {@link Trace} record: its trace is assembled from its spans.
 *
 * The attributes are not copied; they are read when the record is written. Do not change
 * them before that. {@code toString()} shows only the ids.
 *
 * @param traceId The trace it belongs to: 32 hex digits, or any other text of at most 128
 * characters.
 * @param spanId The span's id, unique over all traces, at most 128 characters; 16 hex
 * digits as in OpenTelemetry.
 * @param parentSpanId The parent's span id, or null for a root span.
 * @param name The operation's name; a name of more than 255 characters is cut and marked.
 * @param kind The span's role.
 * @param serviceName The service that did the work, at most 255 characters.
 * @param startTime When it started.
 * @param endTime When it ended, or null while it is open.
 * @param durationUs Its duration in microseconds, or null to take it from start and end.
 * @param status How it ended.
 * @param statusMessage A description of the status.
 * @param attributes The attributes: strings, numbers, booleans, and lists, arrays and
 * maps of these.
 * @param events What happened during the span.
 * @param links Other spans that this one refers to.
 */
public record TraceSpan(String traceId, String spanId, @Nullable String parentSpanId, String name, SpanKind kind,
		String serviceName, Instant startTime, @Nullable Instant endTime, @Nullable Long durationUs, Status status,
		@Nullable String statusMessage, Map<String, ?> attributes, List<SpanEvent> events, List<SpanLink> links) {

	/**
	 * Returns a new builder.
	 */
	public static Builder builder() {
		return new Builder();
	}

	/**
	 * Returns the id of the span's row.
	 */
	public UUID id() {
		return Ids.span(Ids.trace(this.traceId), this.spanId);
	}

	@Override
	public String toString() {
		return "TraceSpan[traceId=" + this.traceId + ", spanId=" + this.spanId + "]";
	}

	/**
	 * Builds a {@link TraceSpan}. Not thread-safe; may be reused.
	 */
	public static final class Builder {

		private @Nullable String traceId;

		private @Nullable String spanId;

		private @Nullable String parentSpanId;

		private @Nullable String name;

		private SpanKind kind = SpanKind.INTERNAL;

		private @Nullable String serviceName;

		private @Nullable Instant startTime;

		private @Nullable Instant endTime;

		private @Nullable Long durationUs;

		private Status status = Status.UNSET;

		private @Nullable String statusMessage;

		private Map<String, ?> attributes = Map.of();

		private List<SpanEvent> events = List.of();

		private List<SpanLink> links = List.of();

		private Builder() {
		}

		/**
		 * Sets the trace it belongs to: 32 hex digits, or any other text of at most 128
		 * characters.
		 */
		public Builder traceId(String traceId) {
			this.traceId = traceId;
			return this;
		}

		/**
		 * Sets the span's id, unique over all traces, at most 128 characters; 16 hex
		 * digits as in OpenTelemetry.
		 */
		public Builder spanId(String spanId) {
			this.spanId = spanId;
			return this;
		}

		/**
		 * Sets the parent's span id, or null for a root span.
		 */
		public Builder parentSpanId(@Nullable String parentSpanId) {
			this.parentSpanId = parentSpanId;
			return this;
		}

		/**
		 * Sets the operation's name; a name of more than 255 characters is cut and
		 * marked.
		 */
		public Builder name(String name) {
			this.name = name;
			return this;
		}

		/**
		 * Sets the span's role.
		 */
		public Builder kind(SpanKind kind) {
			this.kind = kind;
			return this;
		}

		/**
		 * Sets the service that did the work, at most 255 characters.
		 */
		public Builder serviceName(String serviceName) {
			this.serviceName = serviceName;
			return this;
		}

		/**
		 * Sets when it started.
		 */
		public Builder startTime(Instant startTime) {
			this.startTime = startTime;
			return this;
		}

		/**
		 * Sets when it ended, or null while it is open.
		 */
		public Builder endTime(@Nullable Instant endTime) {
			this.endTime = endTime;
			return this;
		}

		/**
		 * Sets its duration in microseconds, or null to take it from start and end.
		 */
		public Builder durationUs(@Nullable Long durationUs) {
			this.durationUs = durationUs;
			return this;
		}

		/**
		 * Sets how it ended.
		 */
		public Builder status(Status status) {
			this.status = status;
			return this;
		}

		/**
		 * Sets a description of the status.
		 */
		public Builder statusMessage(@Nullable String statusMessage) {
			this.statusMessage = statusMessage;
			return this;
		}

		/**
		 * Sets the attributes: strings, numbers, booleans, and lists, arrays and maps of
		 * these.
		 */
		public Builder attributes(Map<String, ?> attributes) {
			this.attributes = attributes;
			return this;
		}

		/**
		 * Sets what happened during the span.
		 */
		public Builder events(List<SpanEvent> events) {
			this.events = events;
			return this;
		}

		/**
		 * Sets other spans that this one refers to.
		 */
		public Builder links(List<SpanLink> links) {
			this.links = links;
			return this;
		}

		/**
		 * Returns the record.
		 * @throws NullPointerException when a required field was not set, naming it
		 */
		public TraceSpan build() {
			return new TraceSpan(Required.of(this.traceId, "TraceSpan", "traceId"),
					Required.of(this.spanId, "TraceSpan", "spanId"), this.parentSpanId,
					Required.of(this.name, "TraceSpan", "name"), this.kind,
					Required.of(this.serviceName, "TraceSpan", "serviceName"),
					Required.of(this.startTime, "TraceSpan", "startTime"), this.endTime, this.durationUs, this.status,
					this.statusMessage, this.attributes, this.events, this.links);
		}

	}

}
