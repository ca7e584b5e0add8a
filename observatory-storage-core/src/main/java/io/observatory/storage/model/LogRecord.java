package io.observatory.storage.model;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * A log record, after OpenTelemetry's logs data model. {@code toString()} shows only the
 * id.
 *
 * @param id The row's id, a UUIDv7 unless set.
 * @param timestamp When it happened.
 * @param observedTimestamp When the collecting system observed it.
 * @param severityNumber OpenTelemetry's severity, 1 (TRACE) to 24 (FATAL4), or null. Any
 * other number is stored as it is.
 * @param severityText The severity in the words of its source, at most 255 characters.
 * @param body The message.
 * @param serviceName The service that logged, at most 255 characters.
 * @param traceId The trace it belongs to.
 * @param spanId The span it belongs to.
 * @param traceFlags The W3C trace flags, 0 to 255.
 * @param attributes The attributes: strings, numbers, booleans, and lists, arrays and
 * maps of these.
 * @param resourceAttributes What produced the record, as OpenTelemetry's resource
 * attributes.
 * @param scopeName The instrumentation scope, usually the logger's name, at most 255
 * characters.
 * @param scopeVersion The scope's version, at most 255 characters.
 * @param scopeAttributes The scope's attributes.
 */
public record LogRecord(UUID id, Instant timestamp, @Nullable Instant observedTimestamp,
		@Nullable Integer severityNumber, @Nullable String severityText, @Nullable String body, String serviceName,
		@Nullable String traceId, @Nullable String spanId, @Nullable Integer traceFlags, Map<String, ?> attributes,
		Map<String, ?> resourceAttributes, @Nullable String scopeName, @Nullable String scopeVersion,
		Map<String, ?> scopeAttributes) {

	public static Builder builder() {
		return new Builder();
	}

	/** Returns a builder with the values of this record. */
	public Builder toBuilder() {
		return builder().id(this.id)
			.timestamp(this.timestamp)
			.observedTimestamp(this.observedTimestamp)
			.severityNumber(this.severityNumber)
			.severityText(this.severityText)
			.body(this.body)
			.serviceName(this.serviceName)
			.traceId(this.traceId)
			.spanId(this.spanId)
			.traceFlags(this.traceFlags)
			.attributes(this.attributes)
			.resourceAttributes(this.resourceAttributes)
			.scopeName(this.scopeName)
			.scopeVersion(this.scopeVersion)
			.scopeAttributes(this.scopeAttributes);
	}

	@Override
	public String toString() {
		return "LogRecord[id=" + this.id + "]";
	}

	/**
	 * Builds a {@link LogRecord}; each method sets what the record has by its name. Not
	 * thread-safe; may be reused.
	 */
	public static final class Builder {

		private @Nullable UUID id;

		private @Nullable Instant timestamp;

		private @Nullable Instant observedTimestamp;

		private @Nullable Integer severityNumber;

		private @Nullable String severityText;

		private @Nullable String body;

		private @Nullable String serviceName;

		private @Nullable String traceId;

		private @Nullable String spanId;

		private @Nullable Integer traceFlags;

		private Map<String, ?> attributes = Map.of();

		private Map<String, ?> resourceAttributes = Map.of();

		private @Nullable String scopeName;

		private @Nullable String scopeVersion;

		private Map<String, ?> scopeAttributes = Map.of();

		private Builder() {
		}

		public Builder id(UUID id) {
			this.id = id;
			return this;
		}

		public Builder timestamp(Instant timestamp) {
			this.timestamp = timestamp;
			return this;
		}

		public Builder observedTimestamp(@Nullable Instant observedTimestamp) {
			this.observedTimestamp = observedTimestamp;
			return this;
		}

		public Builder severityNumber(@Nullable Integer severityNumber) {
			this.severityNumber = severityNumber;
			return this;
		}

		public Builder severityText(@Nullable String severityText) {
			this.severityText = severityText;
			return this;
		}

		public Builder body(@Nullable String body) {
			this.body = body;
			return this;
		}

		public Builder serviceName(String serviceName) {
			this.serviceName = serviceName;
			return this;
		}

		public Builder traceId(@Nullable String traceId) {
			this.traceId = traceId;
			return this;
		}

		public Builder spanId(@Nullable String spanId) {
			this.spanId = spanId;
			return this;
		}

		public Builder traceFlags(@Nullable Integer traceFlags) {
			this.traceFlags = traceFlags;
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

		public Builder scopeName(@Nullable String scopeName) {
			this.scopeName = scopeName;
			return this;
		}

		public Builder scopeVersion(@Nullable String scopeVersion) {
			this.scopeVersion = scopeVersion;
			return this;
		}

		public Builder scopeAttributes(Map<String, ?> scopeAttributes) {
			this.scopeAttributes = scopeAttributes;
			return this;
		}

		/**
		 * Returns the record.
		 * @throws NullPointerException when a required field was not set, naming it
		 */
		public LogRecord build() {
			return new LogRecord((this.id != null) ? this.id : Ids.next(),
					Check.required(this.timestamp, "LogRecord", "timestamp"), this.observedTimestamp,
					this.severityNumber, this.severityText, this.body,
					Check.required(this.serviceName, "LogRecord", "serviceName"), this.traceId, this.spanId,
					this.traceFlags, this.attributes, this.resourceAttributes, this.scopeName, this.scopeVersion,
					this.scopeAttributes);
		}

	}

}
