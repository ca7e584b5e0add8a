package io.observatory.storage.capture.logback;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import io.observatory.storage.capture.CurrentSpan;
import io.observatory.storage.capture.TelemetryResource;
import io.observatory.storage.model.LogRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.KeyValuePair;

/**
 * Converts Logback's events to {@link LogRecord}s, with the names that OpenTelemetry's
 * own Logback appender uses. Trace and span are those of the current span, or else of the
 * MDC.
 */
final class LogbackMapping {

	private static final String TRACE_ID = "traceId";

	private static final String SPAN_ID = "spanId";

	private final TelemetryResource resource;

	private final CurrentSpan currentSpan;

	LogbackMapping(TelemetryResource resource, CurrentSpan currentSpan) {
		this.resource = resource;
		this.currentSpan = currentSpan;
	}

	/**
	 * Returns the record of an event, on the thread that logs.
	 */
	LogRecord log(ILoggingEvent event) {
		Map<String, String> mdc = event.getMDCPropertyMap();
		CurrentSpan.Context span = this.currentSpan.get();
		return LogRecord.builder()
			.timestamp(event.getInstant())
			.severityNumber(severity(event.getLevel()))
			.severityText(event.getLevel().levelStr)
			.body(event.getFormattedMessage())
			.serviceName(this.resource.serviceName())
			.traceId((span != null) ? span.traceId() : mdc.get(TRACE_ID))
			.spanId((span != null) ? span.spanId() : mdc.get(SPAN_ID))
			.traceFlags((span != null) ? flags(span) : null)
			.attributes(attributes(event, mdc))
			.resourceAttributes(this.resource.attributes())
			.scopeName(event.getLoggerName())
			.build();
	}

	/** OpenTelemetry's severity numbers, which have four steps for each level. */
	private static int severity(Level level) {
		return switch (level.toInt()) {
			case Level.ERROR_INT -> 17;
			case Level.WARN_INT -> 13;
			case Level.INFO_INT -> 9;
			case Level.DEBUG_INT -> 5;
			default -> 1;
		};
	}

	private static @Nullable Integer flags(CurrentSpan.Context span) {
		return (span.sampled() != null) ? (span.sampled() ? 1 : 0) : null;
	}

	private static Map<String, @Nullable Object> attributes(ILoggingEvent event, Map<String, String> mdc) {
		Map<String, @Nullable Object> attributes = new LinkedHashMap<>(mdc);
		// they have columns
		attributes.remove(TRACE_ID);
		attributes.remove(SPAN_ID);
		List<KeyValuePair> pairs = event.getKeyValuePairs();
		if (pairs != null) {
			pairs.forEach((pair) -> attributes.put(String.valueOf(pair.key), plain(pair.value)));
		}
		attributes.put("thread.name", event.getThreadName());
		List<Marker> markers = event.getMarkerList();
		if (markers != null) {
			attributes.put("logback.marker", markers.stream().map(Marker::getName).toList());
		}
		putException(attributes, event.getThrowableProxy());
		return attributes;
	}

	private static void putException(Map<String, @Nullable Object> attributes, @Nullable IThrowableProxy exception) {
		if (exception != null) {
			attributes.put("exception.type", exception.getClassName());
			attributes.put("exception.message", exception.getMessage());
			attributes.put("exception.stacktrace", ThrowableProxyUtil.asString(exception));
		}
	}

	private static @Nullable Object plain(@Nullable Object value) {
		return (value == null || value instanceof Number || value instanceof Boolean) ? value : text(value);
	}

	/**
	 * Like Logback's message: if a toString fails, only that value is lost, not the line.
	 */
	private static String text(Object value) {
		try {
			return String.valueOf(value);
		}
		catch (RuntimeException ex) {
			return "[FAILED toString()]";
		}
	}

}
