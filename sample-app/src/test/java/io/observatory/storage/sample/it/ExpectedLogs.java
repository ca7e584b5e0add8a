package io.observatory.storage.sample.it;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.common.ValueType;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import tools.jackson.databind.json.JsonMapper;

/**
 * The rows that log records of the SDK should become.
 */
final class ExpectedLogs {

	private ExpectedLogs() {
	}

	static List<Map<String, Object>> logs(List<LogRecordData> logs) {
		return logs.stream().map(ExpectedLogs::log).toList();
	}

	private static Map<String, Object> log(LogRecordData log) {
		long observed = log.getObservedTimestampEpochNanos();
		long timestamp = log.getTimestampEpochNanos();
		boolean traced = log.getSpanContext().isValid();
		InstrumentationScopeInfo scope = log.getInstrumentationScopeInfo();
		Map<String, Object> row = new TreeMap<>();
		row.put("timestamp", Expected.column((timestamp != 0) ? timestamp : observed));
		row.put("observed_timestamp", Expected.column(observed));
		long severity = log.getSeverity().getSeverityNumber();
		row.put("severity_number", (severity != 0) ? severity : null);
		row.put("severity_text", Expected.emptyToNull(log.getSeverityText()));
		row.put("body", body(log.getBodyValue()));
		row.put("service_name", Expected.service(log.getResource()));
		row.put("trace_id", traced ? log.getSpanContext().getTraceId() : null);
		row.put("span_id", traced ? log.getSpanContext().getSpanId() : null);
		row.put("trace_flags", traced ? (long) log.getSpanContext().getTraceFlags().asByte() : null);
		row.put("attributes", Canonical.of(attributes(log)));
		row.put("resource_attributes", Canonical.of(Expected.attributes(log.getResource().getAttributes())));
		row.put("scope_name", scope.getName());
		row.put("scope_version", scope.getVersion());
		row.put("scope_attributes", Canonical.of(Expected.attributes(scope.getAttributes())));
		return row;
	}

	private static String body(Value<?> body) {
		if (body == null) {
			return null;
		}
		return (body.getType() == ValueType.STRING) ? (String) body.getValue()
				: JsonMapper.shared().writeValueAsString(Expected.value(body));
	}

	private static Map<String, Object> attributes(LogRecordData log) {
		Map<String, Object> attributes = Expected.attributes(log.getAttributes());
		if (log.getEventName() != null) {
			attributes.put("otel.event_name", log.getEventName());
		}
		Expected.putSchema(attributes, log.getInstrumentationScopeInfo());
		Expected.putIfPositive(attributes, "otel.dropped_attributes_count",
				log.getTotalAttributeCount() - log.getAttributes().size());
		return attributes;
	}

}
