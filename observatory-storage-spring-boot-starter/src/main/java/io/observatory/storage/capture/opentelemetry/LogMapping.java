package io.observatory.storage.capture.opentelemetry;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

import io.observatory.storage.capture.OtelAttributes;
import io.observatory.storage.model.LogRecord;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.api.trace.TraceId;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import org.jspecify.annotations.Nullable;

/**
 * Converts the SDK's log records to {@link LogRecord}s. A record without a time gets the
 * time at which it was observed, or else the current time.
 */
final class LogMapping {

	private final Clock clock;

	LogMapping(Clock clock) {
		this.clock = clock;
	}

	List<LogRecord> logs(Collection<LogRecordData> logs) {
		List<LogRecord> mapped = new ArrayList<>(logs.size());
		SdkOrigin origin = null;
		for (LogRecordData log : logs) {
			origin = SdkOrigin.of(log.getResource(), log.getInstrumentationScopeInfo(), origin);
			mapped.add(log(log, origin));
		}
		return mapped;
	}

	private LogRecord log(LogRecordData log, SdkOrigin origin) {
		SpanContext context = log.getSpanContext();
		boolean traced = TraceId.isValid(context.getTraceId());
		int severity = log.getSeverity().getSeverityNumber();
		int flags = context.getTraceFlags().asByte() & 0xFF;
		return LogRecord.builder()
			.timestamp(timestamp(log))
			.observedTimestamp(SdkValues.timeOrNull(log.getObservedTimestampEpochNanos()))
			.severityNumber((severity != 0) ? severity : null)
			.severityText(SdkValues.nullIfEmpty(log.getSeverityText()))
			.body(SdkValues.text(log.getBodyValue()))
			.serviceName(origin.serviceName())
			.traceId(traced ? context.getTraceId() : null)
			.spanId(SpanId.isValid(context.getSpanId()) ? context.getSpanId() : null)
			.traceFlags((traced || flags != 0) ? flags : null)
			.attributes(attributes(log, origin))
			.resourceAttributes(origin.resource())
			.scopeName(origin.scopeName())
			.scopeVersion(origin.scopeVersion())
			.scopeAttributes(origin.scopeAttributes())
			.build();
	}

	private Instant timestamp(LogRecordData log) {
		Instant timestamp = SdkValues.timeOrNull(log.getTimestampEpochNanos());
		if (timestamp == null) {
			timestamp = SdkValues.timeOrNull(log.getObservedTimestampEpochNanos());
		}
		return (timestamp != null) ? timestamp : this.clock.instant();
	}

	private static Map<String, @Nullable Object> attributes(LogRecordData log, SdkOrigin origin) {
		Map<String, @Nullable Object> attributes = SdkValues.map(log.getAttributes());
		OtelAttributes.putText(attributes, OtelAttributes.EVENT_NAME, log.getEventName());
		OtelAttributes.putText(attributes, OtelAttributes.SCHEMA_URL, origin.schemaUrl());
		OtelAttributes.putCount(attributes, OtelAttributes.DROPPED_ATTRIBUTES,
				log.getTotalAttributeCount() - log.getAttributes().size());
		return attributes;
	}

}
