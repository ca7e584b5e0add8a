package io.observatory.storage.sample.it;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Collection;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

import io.opentelemetry.exporter.logging.otlp.internal.logs.OtlpStdoutLogRecordExporter;
import io.opentelemetry.exporter.logging.otlp.internal.metrics.OtlpStdoutMetricExporter;
import io.opentelemetry.exporter.logging.otlp.internal.traces.OtlpStdoutSpanExporter;
import io.opentelemetry.exporter.otlp.http.logs.OtlpHttpLogRecordExporter;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.logs.OtlpGrpcLogRecordExporter;
import io.opentelemetry.exporter.otlp.metrics.OtlpGrpcMetricExporter;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The ways of OTLP to the sample, each with the SDK's own exporters. They have no setting
 * for JSON: the SDK writes it, and it is posted here.
 */
enum OtlpProtocol {

	GRPC {

		@Override
		void spans(SampleProcess sample, String compression, Collection<SpanData> spans) {
			try (SpanExporter exporter = OtlpGrpcSpanExporter.builder()
				.setEndpoint(grpc(sample))
				.setCompression(compression)
				.build()) {
				succeeds(exporter.export(spans));
			}
		}

		@Override
		void metrics(SampleProcess sample, String compression, Collection<MetricData> metrics) {
			try (MetricExporter exporter = OtlpGrpcMetricExporter.builder()
				.setEndpoint(grpc(sample))
				.setCompression(compression)
				.build()) {
				succeeds(exporter.export(metrics));
			}
		}

		@Override
		void logs(SampleProcess sample, String compression, Collection<LogRecordData> logs) {
			try (LogRecordExporter exporter = OtlpGrpcLogRecordExporter.builder()
				.setEndpoint(grpc(sample))
				.setCompression(compression)
				.build()) {
				succeeds(exporter.export(logs));
			}
		}

		private static String grpc(SampleProcess sample) {
			return "http://127.0.0.1:" + sample.grpcPort();
		}

	},

	HTTP_PROTOBUF {

		@Override
		void spans(SampleProcess sample, String compression, Collection<SpanData> spans) {
			try (SpanExporter exporter = OtlpHttpSpanExporter.builder()
				.setEndpoint(sample.uri("/v1/traces").toString())
				.setCompression(compression)
				.build()) {
				succeeds(exporter.export(spans));
			}
		}

		@Override
		void metrics(SampleProcess sample, String compression, Collection<MetricData> metrics) {
			try (MetricExporter exporter = OtlpHttpMetricExporter.builder()
				.setEndpoint(sample.uri("/v1/metrics").toString())
				.setCompression(compression)
				.build()) {
				succeeds(exporter.export(metrics));
			}
		}

		@Override
		void logs(SampleProcess sample, String compression, Collection<LogRecordData> logs) {
			try (LogRecordExporter exporter = OtlpHttpLogRecordExporter.builder()
				.setEndpoint(sample.uri("/v1/logs").toString())
				.setCompression(compression)
				.build()) {
				succeeds(exporter.export(logs));
			}
		}

	},

	HTTP_JSON {

		@Override
		void spans(SampleProcess sample, String compression, Collection<SpanData> spans) {
			ByteArrayOutputStream json = new ByteArrayOutputStream();
			succeeds(OtlpStdoutSpanExporter.builder().setOutput(json).setWrapperJsonObject(true).build().export(spans));
			post(sample, "/v1/traces", compression, json);
		}

		@Override
		void metrics(SampleProcess sample, String compression, Collection<MetricData> metrics) {
			ByteArrayOutputStream json = new ByteArrayOutputStream();
			succeeds(OtlpStdoutMetricExporter.builder()
				.setOutput(json)
				.setWrapperJsonObject(true)
				.build()
				.export(metrics));
			post(sample, "/v1/metrics", compression, json);
		}

		@Override
		void logs(SampleProcess sample, String compression, Collection<LogRecordData> logs) {
			ByteArrayOutputStream json = new ByteArrayOutputStream();
			succeeds(OtlpStdoutLogRecordExporter.builder()
				.setOutput(json)
				.setWrapperJsonObject(true)
				.build()
				.export(logs));
			post(sample, "/v1/logs", compression, json);
		}

		private static void post(SampleProcess sample, String path, String compression, ByteArrayOutputStream json) {
			HttpRequest.Builder request = sample.request(path).header("Content-Type", "application/json");
			if (compression.equals("gzip")) {
				request.header("Content-Encoding", "gzip")
					.POST(BodyPublishers.ofByteArray(OtlpLogs.gzip(json.toByteArray())));
			}
			else {
				request.POST(BodyPublishers.ofByteArray(json.toByteArray()));
			}
			assertThat(sample.send(request).statusCode()).isEqualTo(200);
		}

	};

	abstract void spans(SampleProcess sample, String compression, Collection<SpanData> spans);

	abstract void metrics(SampleProcess sample, String compression, Collection<MetricData> metrics);

	abstract void logs(SampleProcess sample, String compression, Collection<LogRecordData> logs);

	/** Returns a name for what is sent this way. */
	String service(String signal, String compression) {
		return signal + "-" + name().toLowerCase(Locale.ROOT) + "-" + compression;
	}

	private static void succeeds(CompletableResultCode result) {
		assertThat(result.join(60, TimeUnit.SECONDS).isSuccess()).as("exported").isTrue();
	}

}
