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

	/** The attribute that holds a span's resource, a map. */
	public static final String RESOURCE = "otel.resource";

	/**
	 * The attribute that holds a span's instrumentation scope: a map of name, version and
	 * attributes.
	 */
	public static final String SCOPE = "otel.scope";

	public static Builder builder() {
		return new Builder();
	}

	/** Returns a builder with the values of this record. */
	public Builder toBuilder() {
		return builder().traceId(this.traceId)
			.spanId(this.spanId)
			.parentSpanId(this.parentSpanId)
			.name(this.name)
			.kind(this.kind)
			.serviceName(this.serviceName)
			.startTime(this.startTime)
			.endTime(this.endTime)
			.durationUs(this.durationUs)
			.status(this.status)
			.statusMessage(this.statusMessage)
			.attributes(this.attributes)
			.events(this.events)
			.links(this.links);
	}

	/** Returns the id of the span's row. */
	public UUID id() {
		return Ids.span(Ids.trace(this.traceId), this.spanId);
	}

	@Override
	public String toString() {
		return "TraceSpan[traceId=" + this.traceId + ", spanId=" + this.spanId + "]";
	}

	/**
	 * Builds a {@link TraceSpan}; each method sets what the record has by its name. Not
	 * thread-safe; may be reused.
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

		public Builder traceId(String traceId) {
			this.traceId = traceId;
			return this;
		}

		public Builder spanId(String spanId) {
			this.spanId = spanId;
			return this;
		}

		public Builder parentSpanId(@Nullable String parentSpanId) {
			this.parentSpanId = parentSpanId;
			return this;
		}

		public Builder name(String name) {
			this.name = name;
			return this;
		}

		public Builder kind(SpanKind kind) {
			this.kind = kind;
			return this;
		}

		public Builder serviceName(String serviceName) {
			this.serviceName = serviceName;
			return this;
		}

		public Builder startTime(Instant startTime) {
			this.startTime = startTime;
			return this;
		}

		public Builder endTime(@Nullable Instant endTime) {
			this.endTime = endTime;
			return this;
		}

		public Builder durationUs(@Nullable Long durationUs) {
			this.durationUs = durationUs;
			return this;
		}

		public Builder status(Status status) {
			this.status = status;
			return this;
		}

		public Builder statusMessage(@Nullable String statusMessage) {
			this.statusMessage = statusMessage;
			return this;
		}

		public Builder attributes(Map<String, ?> attributes) {
			this.attributes = attributes;
			return this;
		}

		public Builder events(List<SpanEvent> events) {
			this.events = events;
			return this;
		}

		public Builder links(List<SpanLink> links) {
			this.links = links;
			return this;
		}

		/**
		 * Returns the record.
		 * @throws NullPointerException when a required field was not set, naming it
		 */
		public TraceSpan build() {
			return new TraceSpan(Check.required(this.traceId, "TraceSpan", "traceId"),
					Check.required(this.spanId, "TraceSpan", "spanId"), this.parentSpanId,
					Check.required(this.name, "TraceSpan", "name"), this.kind,
					Check.required(this.serviceName, "TraceSpan", "serviceName"),
					Check.required(this.startTime, "TraceSpan", "startTime"), this.endTime, this.durationUs,
					this.status, this.statusMessage, this.attributes, this.events, this.links);
		}

	}

}
