package io.observatory.storage.sample.otlp;

import java.util.List;
import java.util.Set;

import com.google.protobuf.Message;
import io.observatory.storage.sample.intake.Answer;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsPartialSuccess;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsPartialSuccess;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;

/**
 * The three signals. Their requests have the same shape, including the numbers of the
 * fields: a list of resources, each with a list of scopes, each with a list of records.
 * Before 2022 a scope was an {@code InstrumentationLibrary}, of the same shape, too, in
 * field 1000.
 */
public enum Signal {

	/** Spans. */
	TRACES("Spans", "spans", OtlpField.of(2, "spans")) {

		@Override
		Message response(long rejected, String message) {
			return ExportTraceServiceResponse.newBuilder()
				.setPartialSuccess(
						ExportTracePartialSuccess.newBuilder().setRejectedSpans(rejected).setErrorMessage(message))
				.build();
		}

	},

	/** Metrics, of which OTLP counts the data points. */
	METRICS("Metrics", "metrics", OtlpField.of(2, "metrics").with(MetricKind.fields())) {

		@Override
		Message response(long rejected, String message) {
			return ExportMetricsServiceResponse.newBuilder()
				.setPartialSuccess(ExportMetricsPartialSuccess.newBuilder()
					.setRejectedDataPoints(rejected)
					.setErrorMessage(message))
				.build();
		}

	},

	/** Log records. */
	LOGS("Logs", "logs", OtlpField.of(2, "logRecords", "log_records", "logs")) {

		@Override
		Message response(long rejected, String message) {
			return ExportLogsServiceResponse.newBuilder()
				.setPartialSuccess(
						ExportLogsPartialSuccess.newBuilder().setRejectedLogRecords(rejected).setErrorMessage(message))
				.build();
		}

	};

	private static final int OLD_SCOPES = 1000;

	private final OtlpField records;

	private final OtlpField scopes;

	private final OtlpField resources;

	private final OtlpField request;

	Signal(String name, String snakeName, OtlpField records) {
		this.records = records;
		this.scopes = new OtlpField(Set.of(2, OLD_SCOPES), Set.of("scope" + name, "scope_" + snakeName,
				"instrumentationLibrary" + name, "instrumentation_library_" + snakeName),
				List.of(OtlpField.SCOPE, records));
		this.resources = OtlpField.of(1, "resource" + name, "resource_" + snakeName)
			.with(OtlpField.RESOURCE, this.scopes);
		this.request = OtlpField.of(0).with(this.resources);
	}

	/** Returns the field that a whole request is the value of. */
	OtlpField request() {
		return this.request;
	}

	OtlpField resources() {
		return this.resources;
	}

	OtlpField scopes() {
		return this.scopes;
	}

	OtlpField records() {
		return this.records;
	}

	abstract Message response(long rejected, String message);

	/** Returns the response to a request that was taken. */
	public Message response(Answer answer) {
		Message response = response(answer.rejectedRecords(), answer.message());
		return answer.message().isEmpty() ? response.getDefaultInstanceForType() : response;
	}

}
