package io.observatory.storage.sample.otlp;

import java.nio.charset.StandardCharsets;

import com.google.protobuf.Message;
import io.observatory.storage.sample.http.RequestException;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.trace.v1.Span;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.http.HttpStatus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class OtlpEncodingTest {

	private static Span span(String json) {
		return OtlpEncoding.JSON
			.read(("{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[" + json + "]}]}]}")
				.getBytes(StandardCharsets.UTF_8), ExportTraceServiceRequest.newBuilder())
			.getResourceSpans(0)
			.getScopeSpans(0)
			.getSpans(0);
	}

	private static ExportLogsServiceRequest nested(int levels) {
		AnyValue value = AnyValue.newBuilder().setIntValue(1).build();
		for (int i = 0; i < levels; i++) {
			value = AnyValue.newBuilder().setArrayValue(ArrayValue.newBuilder().addValues(value)).build();
		}
		return ExportLogsServiceRequest.newBuilder()
			.addResourceLogs(ResourceLogs.newBuilder()
				.addScopeLogs(ScopeLogs.newBuilder().addLogRecords(LogRecord.newBuilder().setBody(value))))
			.build();
	}

	@Test
	void contentTypes() {
		assertThat(OtlpEncoding.of("application/x-protobuf")).isEqualTo(OtlpEncoding.PROTOBUF);
		assertThat(OtlpEncoding.of("Application/JSON; charset=utf-8")).isEqualTo(OtlpEncoding.JSON);
	}

	@ParameterizedTest
	@NullSource
	@ValueSource(strings = { "", "text/plain", "nonsense", "application/*", "application/x-www-form-urlencoded" })
	void otherContentTypes(String contentType) {
		assertThatExceptionOfType(RequestException.class).isThrownBy(() -> OtlpEncoding.of(contentType))
			.satisfies((ex) -> assertThat(ex.status()).isEqualTo(HttpStatus.UNSUPPORTED_MEDIA_TYPE));
	}

	@Test
	void jsonIdsAreHex() {
		Span span = span("{\"traceId\":\"5B8EFFF798038103D269B633813FC60C\",\"spanId\":\"eee19b7ec3c1b174\"}");
		assertThat(span.getTraceId().toByteArray()).hasSize(16).startsWith(0x5b, 0x8e, 0xff);
		assertThat(span.getSpanId().toByteArray()).hasSize(8).startsWith(0xee, 0xe1);
	}

	@Test
	void jsonEnumsAreNumbersOrNames() {
		assertThat(span("{\"kind\":2}").getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_SERVER);
		assertThat(span("{\"kind\":\"SPAN_KIND_CLIENT\"}").getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_CLIENT);
	}

	@Test
	void jsonNumbersOf64BitsAreStringsOrNumbers() {
		assertThat(span("{\"startTimeUnixNano\":\"1544712660300000000\"}").getStartTimeUnixNano())
			.isEqualTo(1544712660300000000L);
		assertThat(span("{\"startTimeUnixNano\":1544712660300000000}").getStartTimeUnixNano())
			.isEqualTo(1544712660300000000L);
	}

	@Test
	void jsonFieldsThatAreNotKnownAreIgnored() {
		assertThat(span("{\"name\":\"a\",\"fromTheFuture\":{\"x\":[1]}}").getName()).isEqualTo("a");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "{", "[]", "42", "{\"resourceSpans\":7}",
			"{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"startTimeUnixNano\":\"secret\"}]}]}]}" })
	void garbageInJson(String body) {
		assertMalformed(OtlpEncoding.JSON, body.getBytes(StandardCharsets.UTF_8));
	}

	@Test
	void garbageInProtobuf() {
		assertMalformed(OtlpEncoding.PROTOBUF, "this is secret".getBytes(StandardCharsets.UTF_8));
	}

	@Test
	void anEmptyProtobufIsAnEmptyRequest() {
		assertThat(OtlpEncoding.PROTOBUF.read(new byte[0], ExportTraceServiceRequest.newBuilder()).build())
			.isEqualTo(ExportTraceServiceRequest.getDefaultInstance());
	}

	@Test
	void nestingIsBoundedInBoth() throws Exception {
		for (OtlpEncoding encoding : OtlpEncoding.values()) {
			ExportLogsServiceRequest shallow = nested(20);
			assertThat(encoding.read(encoding.write((Message) shallow), ExportLogsServiceRequest.newBuilder()).build())
				.as("%s", encoding)
				.isEqualTo(shallow);
		}
		assertTooDeep(OtlpEncoding.PROTOBUF, nested(200).toByteArray());
		assertTooDeep(OtlpEncoding.JSON, nestedJson(90));
		assertTooDeep(OtlpEncoding.JSON, nestedJson(100_000));
	}

	private static byte[] nestedJson(int levels) {
		return ("{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[{\"body\":"
				+ "{\"arrayValue\":{\"values\":[".repeat(levels) + "]}}".repeat(levels) + "}]}]}]}")
			.getBytes(StandardCharsets.UTF_8);
	}

	@Test
	void responses() throws Exception {
		ExportLogsServiceResponse.Builder response = ExportLogsServiceResponse.newBuilder();
		response.getPartialSuccessBuilder().setRejectedLogRecords(2).setErrorMessage("why");
		assertThat(OtlpEncoding.JSON.write((Message) response.build())).asString()
			.isEqualTo("{\"partialSuccess\":{\"rejectedLogRecords\":\"2\",\"errorMessage\":\"why\"}}");
		assertThat(OtlpEncoding.JSON.write((Message) ExportLogsServiceResponse.getDefaultInstance())).asString()
			.isEqualTo("{}");
	}

	@Test
	void statuses() {
		RpcStatus status = RpcStatus.of(HttpStatus.SERVICE_UNAVAILABLE, "full");
		assertThat(OtlpEncoding.JSON.write(status)).asString().isEqualTo("{\"code\":14,\"message\":\"full\"}");
		assertThat(OtlpEncoding.PROTOBUF.write(status)).containsExactly(8, 14, 18, 4, 'f', 'u', 'l', 'l');
	}

	private static void assertMalformed(OtlpEncoding encoding, byte[] body) {
		assertThatExceptionOfType(RequestException.class)
			.isThrownBy(() -> encoding.read(body, ExportTraceServiceRequest.newBuilder()))
			.withMessage("The body is not a valid ExportTraceServiceRequest in " + encoding.mediaType())
			.satisfies((ex) -> assertThat(ex.status()).isEqualTo(HttpStatus.BAD_REQUEST));
	}

	private static void assertTooDeep(OtlpEncoding encoding, byte[] body) {
		assertThatExceptionOfType(RequestException.class)
			.isThrownBy(() -> encoding.read(body, ExportLogsServiceRequest.newBuilder()))
			.satisfies((ex) -> assertThat(ex.status()).isEqualTo(HttpStatus.BAD_REQUEST));
	}

}
