package io.observatory.storage.sample.it;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.util.JsonFormat;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;

/**
 * A hundred records of a signal, one of them with each of the faults that senders have. A
 * fault that a signal or an encoding does not know is none there: points have no ids, and
 * a log record in protobuf is taken without its bad id. The last record is in a field of
 * the old generation, which is no fault.
 */
enum FaultyRequest {

	TRACES("traces", "trace_spans", "Spans", "spans", 5, 6, """
			{"traceId": "TRACE", "spanId": "SPAN", "name": "NAME", "kind": 1, "startTimeUnixNano": "TIME"}""",
			ExportTraceServiceRequest.getDefaultInstance()),

	LOGS("logs", "logs", "Logs", "logRecords", 4, 6,
			"""
					{"traceId": "TRACE", "spanId": "SPAN", "severityText": "NAME", "severityNumber": 1, "timeUnixNano": "TIME"}""",
			ExportLogsServiceRequest.getDefaultInstance()),

	METRICS("metrics", "metric_data_points", "Metrics", "metrics", 4, 5, """
			{"name": "m", "gauge": {"dataPoints": [{"asInt": 1, "timeUnixNano": "TIME",
			  "attributes": [{"key": "k", "value": {"stringValue": "NAME"}}]}]}}""",
			ExportMetricsServiceRequest.getDefaultInstance());

	private static final int RECORDS = 100;

	/** Is replaced by bytes that are not UTF-8. */
	private static final String NOT_UTF8 = "XXXX";

	private final String path;

	private final String table;

	private final String group;

	private final String list;

	private final int protobufFaults;

	private final int jsonFaults;

	private final String record;

	private final Message type;

	FaultyRequest(String path, String table, String group, String list, int protobufFaults, int jsonFaults,
			String record, Message type) {
		this.path = path;
		this.table = table;
		this.group = group;
		this.list = list;
		this.protobufFaults = protobufFaults;
		this.jsonFaults = jsonFaults;
		this.record = record;
		this.type = type;
	}

	String path() {
		return "/v1/" + this.path;
	}

	String table() {
		return this.table;
	}

	int protobufFaults() {
		return this.protobufFaults;
	}

	int jsonFaults() {
		return this.jsonFaults;
	}

	byte[] json() {
		List<String> records = records(true);
		records.set(6, records.get(6).replace(": 1,", ": {},"));
		String old = records.remove(RECORDS - 1);
		String json = "{\"resource%1$s\": [{\"scope%1$s\": [{\"%2$s\": %3$s}], \"instrumentationLibrary%1$s\": [{\"%2$s\": [%4$s]}]}]}"
			.formatted(this.group, this.list, records, old);
		return withInvalidUtf8(json.getBytes(StandardCharsets.UTF_8));
	}

	byte[] protobuf() {
		List<String> records = records(false);
		Message old = message(List.of(records.remove(RECORDS - 1)));
		Message resources = (Message) old.getRepeatedField(old.getDescriptorForType().findFieldByNumber(1), 0);
		Message scopes = (Message) resources.getRepeatedField(resources.getDescriptorForType().findFieldByNumber(2), 0);
		ByteArrayOutputStream both = new ByteArrayOutputStream();
		both.writeBytes(withInvalidUtf8(message(records).toByteArray()));
		// messages that follow each other are one
		both.writeBytes(field(1, field(1000, scopes.toByteArray())));
		return both.toByteArray();
	}

	private static byte[] field(int number, byte[] value) {
		return UnknownFieldSet.newBuilder()
			.addField(number, UnknownFieldSet.Field.newBuilder().addLengthDelimited(ByteString.copyFrom(value)).build())
			.build()
			.toByteArray();
	}

	private Message message(List<String> records) {
		Message.Builder message = this.type.newBuilderForType();
		try {
			JsonFormat.parser()
				.merge("{\"resource%1$s\": [{\"scope%1$s\": [{\"%2$s\": %3$s}]}]}".formatted(this.group, this.list,
						records), message);
		}
		catch (InvalidProtocolBufferException ex) {
			throw new IllegalStateException(ex);
		}
		return message.build();
	}

	private List<String> records(boolean hex) {
		long now = Instant.now().toEpochMilli();
		List<String> records = new ArrayList<>();
		for (int i = 0; i < RECORDS; i++) {
			String time = switch (i) {
				case 2 -> now - 30L * 24 * 3600 * 1000 + "000000";
				case 3 -> now + "000";
				case 4 -> "" + now;
				default -> now + "000000";
			};
			byte[] span = new byte[8];
			span[0] = (byte) (i + 1);
			span[1] = (byte) (hex ? 1 : 2);
			span[2] = (byte) ordinal();
			byte[] trace = new byte[(i == 0) ? 3 : 16];
			trace[0] = 1;
			records.add(this.record.replace("TRACE", (hex && i == 0) ? "not hex" : id(trace, hex))
				.replace("SPAN", id(span, hex))
				.replace("NAME", (i == 1) ? NOT_UTF8 : "name")
				.replace("TIME", time));
		}
		return records;
	}

	private static String id(byte[] id, boolean hex) {
		return hex ? HexFormat.of().formatHex(id) : Base64.getEncoder().encodeToString(id);
	}

	private static byte[] withInvalidUtf8(byte[] body) {
		int at = new String(body, StandardCharsets.ISO_8859_1).indexOf(NOT_UTF8);
		body[at + 1] = (byte) 0xff;
		return body;
	}

}
