package io.observatory.storage.sample.otlp;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import io.observatory.storage.sample.intake.MemoryBudget;
import io.observatory.storage.sample.intake.RefusalReason;
import io.observatory.storage.sample.intake.Request;
import io.observatory.storage.sample.intake.RequestException;
import io.observatory.storage.sample.intake.Requests;
import io.observatory.storage.sample.mapping.BadRecordException;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class EncodedMessageTest {

	private final MemoryBudget memory = new MemoryBudget(64 * 1024 * 1024);

	private final Request request = Requests.open(this.memory);

	@AfterEach
	void close() {
		this.request.close();
	}

	private EncodedMessage message(OtlpEncoding encoding, Signal signal, byte[] body) {
		return encoding.message(this.request, Requests.body(this.request, body), signal);
	}

	private EncodedMessage json(String body) {
		return message(OtlpEncoding.JSON, Signal.TRACES, body.getBytes(StandardCharsets.UTF_8));
	}

	private List<EncodedMessage> records(EncodedMessage message, Signal signal) {
		List<EncodedMessage> records = new ArrayList<>();
		message.forEach(signal.resources(), (resources) -> resources.forEach(signal.scopes(),
				(scopes) -> scopes.forEach(signal.records(), records::add)));
		return records;
	}

	private EncodedMessage span(String json) {
		return records(json("{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[" + json + "]}]}]}"), Signal.TRACES)
			.get(0);
	}

	private Span decode(EncodedMessage span) {
		return span.decode(Span.getDefaultInstance(), this.request.lease());
	}

	private void assertBad(EncodedMessage span, String field) {
		assertThatExceptionOfType(BadRecordException.class).isThrownBy(() -> decode(span))
			.withMessageStartingWith(field + ": ")
			.withMessageNotContaining("secret");
	}

	private static ExportTraceServiceRequest spans(Span.Builder... spans) {
		ScopeSpans.Builder scope = ScopeSpans.newBuilder()
			.setSchemaUrl("https://schema/1")
			.setScope(InstrumentationScope.newBuilder().setName("lib"));
		for (Span.Builder span : spans) {
			scope.addSpans(span);
		}
		return ExportTraceServiceRequest.newBuilder()
			.addResourceSpans(ResourceSpans.newBuilder().addScopeSpans(scope))
			.build();
	}

	/** What is read piece by piece is what the library reads as a whole. */
	@Test
	void theRecordsOfARequestInBothEncodings() {
		ExportTraceServiceRequest sent = spans(Span.newBuilder().setName("a").setStartTimeUnixNano(1),
				Span.newBuilder().setName("é").setTraceState("x"));
		for (OtlpEncoding encoding : OtlpEncoding.values()) {
			EncodedMessage message = message(encoding, Signal.TRACES, encoding.write((Message) sent));
			assertThat(records(message, Signal.TRACES)).as("%s", encoding)
				.extracting(this::decode)
				.containsExactlyElementsOf(sent.getResourceSpans(0).getScopeSpans(0).getSpansList());
			message.forEach(Signal.TRACES.resources(),
					(resources) -> resources.forEach(Signal.TRACES.scopes(), (scopes) -> {
						assertThat(scopes.decode(ScopeSpans.getDefaultInstance(), this.request.lease()))
							.isEqualTo(ScopeSpans.newBuilder().setSchemaUrl("https://schema/1").build());
						scopes.forEach(OtlpField.SCOPE,
								(scope) -> assertThat(
										scope.decode(InstrumentationScope.getDefaultInstance(), this.request.lease()))
									.isEqualTo(sent.getResourceSpans(0).getScopeSpans(0).getScope()));
					}));
		}
	}

	@Test
	void theScopesOfTheOldGenerationAreScopes() {
		ScopeSpans scope = spans(Span.newBuilder().setName("old")).getResourceSpans(0).getScopeSpans(0);
		byte[] protobuf = ExportTraceServiceRequest.newBuilder()
			.addResourceSpans(ResourceSpans.newBuilder()
				.setUnknownFields(UnknownFieldSet.newBuilder()
					.addField(1000, UnknownFieldSet.Field.newBuilder().addLengthDelimited(scope.toByteString()).build())
					.build()))
			.build()
			.toByteArray();
		assertThat(records(message(OtlpEncoding.PROTOBUF, Signal.TRACES, protobuf), Signal.TRACES))
			.extracting((span) -> decode(span).getName())
			.containsExactly("old");
		assertThat(records(json("""
				{"resourceSpans": [{"instrumentationLibrarySpans": [
				  {"instrumentationLibrary": {"name": "lib"}, "spans": [{"name": "old"}]}]}]}"""), Signal.TRACES))
			.extracting((span) -> decode(span).getName())
			.containsExactly("old");
	}

	@Test
	void jsonIdsAreHex() {
		Span span = decode(span("{\"traceId\":\"5B8EFFF798038103D269B633813FC60C\",\"spanId\":\"eee19b7ec3c1b174\"}"));
		assertThat(span.getTraceId().toByteArray()).hasSize(16).startsWith(0x5b, 0x8e, 0xff);
		assertThat(span.getSpanId().toByteArray()).hasSize(8).startsWith(0xee, 0xe1);
	}

	@Test
	void jsonEnumsAreNumbersOrNames() {
		assertThat(decode(span("{\"kind\":2}")).getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_SERVER);
		assertThat(decode(span("{\"kind\":\"SPAN_KIND_CLIENT\"}")).getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_CLIENT);
	}

	@Test
	void jsonNumbersOf64BitsAreStringsOrNumbers() {
		assertThat(decode(span("{\"startTimeUnixNano\":\"1544712660300000000\"}")).getStartTimeUnixNano())
			.isEqualTo(1544712660300000000L);
		assertThat(decode(span("{\"startTimeUnixNano\":1544712660300000000}")).getStartTimeUnixNano())
			.isEqualTo(1544712660300000000L);
	}

	@Test
	void jsonFieldsThatAreNotKnownAreIgnored() {
		assertThat(decode(span("{\"name\":\"a\",\"fromTheFuture\":{\"x\":[1]}}")).getName()).isEqualTo("a");
	}

	@Test
	void aByteOrderMarkIsNoContent() {
		assertThat(records(json("\uFEFF{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"name\":\"é\"}]}]}]}"),
				Signal.TRACES))
			.extracting((span) -> decode(span).getName())
			.containsExactly("é");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "{", "[]", "42", "null", "{\"resourceSpans\":7}", "{\"resourceSpans\":[7]}", "{}{}",
			"{\"resourceSpans\":[{\"scopeSpans\":\"secret\"}]}" })
	void whatIsNoRequestInJson(String body) {
		assertThatExceptionOfType(RequestException.class).isThrownBy(() -> json(body))
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(RefusalReason.MALFORMED))
			.withMessageNotContaining("secret");
	}

	@Test
	void whatIsNoRequestInProtobuf() {
		byte[] body = "this is secret".getBytes(StandardCharsets.UTF_8);
		assertThatExceptionOfType(RequestException.class)
			.isThrownBy(() -> records(message(OtlpEncoding.PROTOBUF, Signal.TRACES, body), Signal.TRACES))
			.withMessageNotContaining("secret");
	}

	/** Within a record, cut or not, it is the record's own fault. */
	@Test
	void cutProtobufIsARequestOnlyWhereAMessageEnds() {
		ExportTraceServiceRequest one = spans(Span.newBuilder().setName("a"));
		byte[] body = one.toBuilder().addAllResourceSpans(one.getResourceSpansList()).build().toByteArray();
		for (int length = 0; length < body.length; length++) {
			byte[] cut = java.util.Arrays.copyOf(body, length);
			if (length != 0 && length != body.length / 2) {
				assertThatExceptionOfType(RequestException.class).as("%d of %d bytes", length, body.length)
					.isThrownBy(() -> records(message(OtlpEncoding.PROTOBUF, Signal.TRACES, cut), Signal.TRACES));
			}
		}
	}

	@Test
	void aBadFieldIsNamedInJson() {
		assertBad(span("{\"name\":\"a\",\"startTimeUnixNano\":\"secret\"}"), "Span.start_time_unix_nano");
		assertBad(span("{\"traceId\":\"secret\"}"), "Span.trace_id");
		assertBad(span("{\"links\":[{\"spanId\":\"secret\"}]}"), "Span.links");
		assertBad(span("{\"name\":{\"secret\":1}}"), "Span.name");
		assertBad(span("{\"attributes\":[{\"key\":\"a\",\"value\":{\"intValue\":\"secret\"}}]}"), "Span.attributes");
		assertBad(span("7"), "Span");
		assertBad(span("[]"), "Span");
	}

	@Test
	void invalidUtf8CostsOnlyItsRecord() {
		byte[] name = { 'a', (byte) 0xff, (byte) 0xfe, 'b' };
		byte[] protobuf = spans(Span.newBuilder().setName("XXXX"), Span.newBuilder().setName("good")).toByteArray();
		byte[] json = """
				{"resourceSpans":[{"scopeSpans":[{"spans":[{"kind":1,"name":"XXXX"},{"name":"good"}]}]}]}"""
			.getBytes(StandardCharsets.UTF_8);
		for (byte[] body : List.of(protobuf, json)) {
			String latin = new String(body, StandardCharsets.ISO_8859_1);
			System.arraycopy(name, 0, body, latin.indexOf("XXXX"), name.length);
			OtlpEncoding encoding = (body == json) ? OtlpEncoding.JSON : OtlpEncoding.PROTOBUF;
			List<EncodedMessage> records = records(message(encoding, Signal.TRACES, body), Signal.TRACES);
			assertThat(records).hasSize(2);
			assertBad(records.get(0), "Span.name");
			assertThat(decode(records.get(1)).getName()).isEqualTo("good");
		}
	}

	@Test
	void nestingIsBoundedAndCostsOnlyItsRecord() {
		byte[] json = ("{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[{\"body\":"
				+ "{\"arrayValue\":{\"values\":[".repeat(90) + "]}}".repeat(90) + "},{}]}]}]}")
			.getBytes(StandardCharsets.UTF_8);
		ExportLogsServiceRequest deep = ExportLogsServiceRequest.newBuilder()
			.addResourceLogs(ResourceLogs.newBuilder()
				.addScopeLogs(ScopeLogs.newBuilder()
					.addLogRecords(LogRecord.newBuilder().setBody(nested(200)))
					.addLogRecords(LogRecord.getDefaultInstance())))
			.build();
		for (OtlpEncoding encoding : OtlpEncoding.values()) {
			byte[] body = (encoding == OtlpEncoding.JSON) ? json : deep.toByteArray();
			List<EncodedMessage> records = records(message(encoding, Signal.LOGS, body), Signal.LOGS);
			assertThatExceptionOfType(BadRecordException.class)
				.isThrownBy(() -> records.get(0).decode(LogRecord.getDefaultInstance(), this.request.lease()))
				.withMessageStartingWith("LogRecord.body: ");
			assertThat(records.get(1).decode(LogRecord.getDefaultInstance(), this.request.lease()))
				.isEqualTo(LogRecord.getDefaultInstance());
		}
	}

	private static AnyValue nested(int levels) {
		AnyValue value = AnyValue.newBuilder().setIntValue(1).build();
		for (int i = 0; i < levels; i++) {
			value = AnyValue.newBuilder().setArrayValue(ArrayValue.newBuilder().addValues(value)).build();
		}
		return value;
	}

	/** 10 million empty values are 20 MB here, and would be 400 MB as objects. */
	@Test
	void aRecordThatWouldBecomeLargerThanTheMemoryIsBad() {
		byte[] values = new byte[20_000_000];
		for (int i = 0; i < values.length; i += 2) {
			values[i] = 0x0a;
		}
		byte[] protobuf = wrap(wrap(wrap(wrap(wrap(values, 5), 5), 2), 2), 1);
		List<EncodedMessage> records = records(message(OtlpEncoding.PROTOBUF, Signal.LOGS, protobuf), Signal.LOGS);
		assertThatExceptionOfType(BadRecordException.class)
			.isThrownBy(() -> records.get(0).decode(LogRecord.getDefaultInstance(), this.request.lease()))
			.withMessageContaining("too many values");
	}

	private static byte[] wrap(byte[] message, int field) {
		return UnknownFieldSet.newBuilder()
			.addField(field,
					UnknownFieldSet.Field.newBuilder().addLengthDelimited(ByteString.copyFrom(message)).build())
			.build()
			.toByteArray();
	}

	@Test
	void tenMillionEmptyRecordsInJsonAreRefusedBeforeTheyAreFound() {
		byte[] body = ("{\"resourceSpans\":[" + "{},".repeat(5_000_000) + "{}]}").getBytes(StandardCharsets.UTF_8);
		assertThatExceptionOfType(RequestException.class)
			.isThrownBy(() -> message(OtlpEncoding.JSON, Signal.TRACES, body))
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(RefusalReason.TOO_LARGE));
	}

}
