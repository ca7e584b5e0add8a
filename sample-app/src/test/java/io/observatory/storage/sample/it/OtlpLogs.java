package io.observatory.storage.sample.it;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;

import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;

/**
 * Hand-made requests with log records.
 */
final class OtlpLogs {

	private OtlpLogs() {
	}

	static LogRecord.Builder log(String body) {
		return LogRecord.newBuilder()
			.setTimeUnixNano(System.currentTimeMillis() * 1_000_000)
			.setBody(AnyValue.newBuilder().setStringValue(body));
	}

	static byte[] request(List<LogRecord> logs) {
		return ExportLogsServiceRequest.newBuilder()
			.addResourceLogs(ResourceLogs.newBuilder().addScopeLogs(ScopeLogs.newBuilder().addAllLogRecords(logs)))
			.build()
			.toByteArray();
	}

	static byte[] request(String... bodies) {
		return request(Arrays.stream(bodies).map((body) -> log(body).build()).toList());
	}

	static byte[] gzip(byte[] bytes) {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
			gzip.write(bytes);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return out.toByteArray();
	}

}
