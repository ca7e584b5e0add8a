package io.observatory.storage.sample.otlp;

import java.io.IOException;
import java.util.function.Function;

import com.google.protobuf.Message;
import io.observatory.storage.error.StorageException;
import io.observatory.storage.sample.http.RequestBody;
import io.observatory.storage.sample.http.RequestException;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * OTLP/HTTP: protobuf and JSON, gzip or not. A request is answered with 200 when its
 * records are taken, except bad ones, which the answer counts (partial success); with 503
 * when the buffer is full or being closed, and then nothing of it was taken, so that the
 * sender can send it again. A body that cannot be read is answered with 400, one that is
 * too large with 413, one in another encoding with 415.
 */
@RestController
class OtlpReceiver {

	private final TraceIntake traces;

	private final MetricIntake metrics;

	private final LogIntake logs;

	OtlpReceiver(TraceIntake traces, MetricIntake metrics, LogIntake logs) {
		this.traces = traces;
		this.metrics = metrics;
		this.logs = logs;
	}

	@PostMapping("/v1/traces")
	ResponseEntity<byte[]> traces(HttpServletRequest request) throws IOException {
		return receive(request, ExportTraceServiceRequest.newBuilder(), (message) -> this.traces.take(message.build()));
	}

	@PostMapping("/v1/metrics")
	ResponseEntity<byte[]> metrics(HttpServletRequest request) throws IOException {
		return receive(request, ExportMetricsServiceRequest.newBuilder(),
				(message) -> this.metrics.take(message.build()));
	}

	@PostMapping("/v1/logs")
	ResponseEntity<byte[]> logs(HttpServletRequest request) throws IOException {
		return receive(request, ExportLogsServiceRequest.newBuilder(), (message) -> this.logs.take(message.build()));
	}

	private static <B extends Message.Builder> ResponseEntity<byte[]> receive(HttpServletRequest request, B message,
			Function<B, Message> intake) throws IOException {
		OtlpEncoding encoding = OtlpEncoding.of(request.getContentType());
		byte[] body = RequestBody.read(request);
		Message response = intake.apply(encoding.read(body, message));
		return ResponseEntity.ok().contentType(encoding.mediaType()).body(encoding.write(response));
	}

	@ExceptionHandler
	ResponseEntity<byte[]> refused(RequestException ex, HttpServletRequest request) {
		OtlpEncoding encoding = encodingOf(request);
		return ex.response()
			.contentType(encoding.mediaType())
			.body(encoding.write(RpcStatus.of(ex.status(), ex.getMessage())));
	}

	@ExceptionHandler
	ResponseEntity<byte[]> notTaken(StorageException ex, HttpServletRequest request) {
		return refused(RequestException.of(ex), request);
	}

	/**
	 * Returns the request's encoding, or JSON, which anybody can read, if it has none of
	 * ours.
	 */
	private static OtlpEncoding encodingOf(HttpServletRequest request) {
		try {
			return OtlpEncoding.of(request.getContentType());
		}
		catch (RequestException ex) {
			return OtlpEncoding.JSON;
		}
	}

}
