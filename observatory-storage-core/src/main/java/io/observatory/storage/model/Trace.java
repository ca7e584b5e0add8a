package io.observatory.storage.model;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * A trace as an application declares it. Fields that are not set (no end, status
 * {@link Status#UNSET}, no root span name, no resource) are derived from the spans of the
 * trace. Declared fields take precedence over the spans, independent of the order of
 * arrival.
 *
 * The attributes are not copied; they are read when the record is written. Do not change
 * them before that. {@code toString()} shows only the id.
 *
 * @param traceId The trace id: 32 hex digits as in OpenTelemetry, or any other text of at
 * most 128 characters.
 * @param serviceName The service that the trace started in, at most 255 characters.
 * @param startTime When it started.
 * @param endTime When it ended, or null if it has not ended or its spans tell.
 * @param durationUs Its duration in microseconds, or null to take it from start and end.
 * @param status How it ended; UNSET to derive it from the spans.
 * @param statusMessage A description of the status; not stored with status UNSET.
 * @param rootSpanName The name of its root span, or null to derive it from the spans.
 * @param attributes The attributes: strings, numbers, booleans, and lists, arrays and
 * maps of these.
 * @param resourceAttributes What produced the record, as OpenTelemetry's resource
 * attributes.
 */
public record Trace(String traceId, String serviceName, Instant startTime, @Nullable Instant endTime,
		@Nullable Long durationUs, Status status, @Nullable String statusMessage, @Nullable String rootSpanName,
		Map<String, ?> attributes, Map<String, ?> resourceAttributes) {

	public static Builder builder() {
		return new Builder();
	}

	/** Returns a builder with the values of this record. */
	public Builder toBuilder() {
		return builder().traceId(this.traceId)
			.serviceName(this.serviceName)
			.startTime(this.startTime)
			.endTime(this.endTime)
			.durationUs(this.durationUs)
			.status(this.status)
			.statusMessage(this.statusMessage)
			.rootSpanName(this.rootSpanName)
			.attributes(this.attributes)
			.resourceAttributes(this.resourceAttributes);
	}

	/** Returns the id of the trace's row. */
	public UUID id() {
		return Ids.trace(this.traceId);
	}

	@Override
	public String toString() {
		return "Trace[traceId=" + this.traceId + "]";
	}

	/**
	 * Builds a {@link Trace}; each method sets what the record has by its name. Not
	 * thread-safe; may be reused.
	 */
	public static final class Builder {

		private @Nullable String traceId;

		private @Nullable String serviceName;

		private @Nullable Instant startTime;

		private @Nullable Instant endTime;

		private @Nullable Long durationUs;

		private Status status = Status.UNSET;

		private @Nullable String statusMessage;

		private @Nullable String rootSpanName;

		private Map<String, ?> attributes = Map.of();

		private Map<String, ?> resourceAttributes = Map.of();

		private Builder() {
		}

		public Builder traceId(String traceId) {
			this.traceId = traceId;
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

		public Builder rootSpanName(@Nullable String rootSpanName) {
			this.rootSpanName = rootSpanName;
			return this;
		}

		public Builder attributes(Map<String, ?> attributes) {
			this.attributes = attributes;
			return this;
		}

		public Builder resourceAttributes(Map<String, ?> resourceAttributes) {
			this.resourceAttributes = resourceAttributes;
			return this;
		}

		/**
		 * Returns the record.
		 * @throws NullPointerException when a required field was not set, naming it
		 */
		public Trace build() {
			return new Trace(Check.required(this.traceId, "Trace", "traceId"),
					Check.required(this.serviceName, "Trace", "serviceName"),
					Check.required(this.startTime, "Trace", "startTime"), this.endTime, this.durationUs, this.status,
					this.statusMessage, this.rootSpanName, this.attributes, this.resourceAttributes);
		}

	}

}
