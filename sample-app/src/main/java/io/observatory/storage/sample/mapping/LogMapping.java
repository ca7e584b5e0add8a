package io.observatory.storage.sample.mapping;

import java.time.Instant;
import java.util.Map;

import io.observatory.storage.capture.OtelAttributes;
import io.observatory.storage.model.LogRecord;
import io.opentelemetry.proto.logs.v1.LogRecordFlags;
import org.jspecify.annotations.Nullable;

/**
 * Converts log records of OTLP to {@link LogRecord}s. A record without a time gets the
 * time at which it was observed, or else received. As OTLP requires, a record with an
 * invalid trace or span id is treated as one without.
 */
public final class LogMapping {

	private LogMapping() {
	}

	/**
	 * Returns a log record.
	 * @param log the record
	 * @param origin what produced it
	 * @param receivedAt when it was received
	 */
	public static LogRecord log(io.opentelemetry.proto.logs.v1.LogRecord log, Origin origin, Instant receivedAt) {
		return LogRecord.builder()
			.timestamp(timestamp(log, receivedAt))
			.observedTimestamp(UnixNanos.orNull(log.getObservedTimeUnixNano()))
			.severityNumber((log.getSeverityNumberValue() != 0) ? log.getSeverityNumberValue() : null)
			.severityText(EmptyText.toNull(log.getSeverityText()))
			.body(AttributeMapping.text(log.getBody()))
			.serviceName(origin.serviceName())
			.traceId(HexId.traceOrNull(log.getTraceId()))
			.spanId(HexId.spanOrNull(log.getSpanId()))
			.traceFlags(traceFlags(log))
			.attributes(attributes(log, origin))
			.resourceAttributes(origin.resource())
			.scopeName(origin.scope().name())
			.scopeVersion(origin.scope().version())
			.scopeAttributes(origin.scope().attributes())
			.build();
	}

	private static Instant timestamp(io.opentelemetry.proto.logs.v1.LogRecord log, Instant receivedAt) {
		if (log.getTimeUnixNano() != 0) {
			return UnixNanos.instant(log.getTimeUnixNano());
		}
		Instant observed = UnixNanos.orNull(log.getObservedTimeUnixNano());
		return (observed != null) ? observed : receivedAt;
	}

	/**
	 * Returns the trace flags; without a trace there are none unless one is set.
	 */
	private static @Nullable Integer traceFlags(io.opentelemetry.proto.logs.v1.LogRecord log) {
		int flags = log.getFlags() & LogRecordFlags.LOG_RECORD_FLAGS_TRACE_FLAGS_MASK_VALUE;
		return (flags != 0 || HexId.traceOrNull(log.getTraceId()) != null) ? flags : null;
	}

	private static Map<String, @Nullable Object> attributes(io.opentelemetry.proto.logs.v1.LogRecord log,
			Origin origin) {
		Map<String, @Nullable Object> attributes = AttributeMapping.map(log.getAttributesList());
		OtelAttributes.putText(attributes, OtelAttributes.EVENT_NAME, log.getEventName());
		OtelAttributes.putText(attributes, OtelAttributes.SCHEMA_URL, origin.scope().schemaUrl());
		OtelAttributes.putCount(attributes, OtelAttributes.DROPPED_ATTRIBUTES, log.getDroppedAttributesCount());
		return attributes;
	}

}
