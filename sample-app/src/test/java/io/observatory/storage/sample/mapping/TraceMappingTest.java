package io.observatory.storage.sample.mapping;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import com.google.protobuf.ByteString;
import io.observatory.storage.llm.price.CallCost;
import io.observatory.storage.llm.price.PriceList;
import io.observatory.storage.model.SpanEvent;
import io.observatory.storage.model.SpanKind;
import io.observatory.storage.model.SpanLink;
import io.observatory.storage.model.Status;
import io.observatory.storage.model.TraceSpan;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class TraceMappingTest {

	private static final CallCost CALL_COST = new CallCost(PriceList.builtIn());

	private static Span.Builder minimal() {
		return Span.newBuilder()
			.setTraceId(Proto.id(Proto.TRACE))
			.setSpanId(Proto.id(Proto.SPAN))
			.setName("op")
			.setStartTimeUnixNano(Proto.TIME);
	}

	@Test
	void everyField() {
		Span span = minimal().setParentSpanId(Proto.id(Proto.PARENT))
			.setKind(Span.SpanKind.SPAN_KIND_SERVER)
			.setEndTimeUnixNano(Proto.TIME + 1_500_000)
			.addAttributes(Proto.attribute("k", "v"))
			.setTraceState("a=b")
			.setFlags(0x101)
			.setDroppedAttributesCount(1)
			.setDroppedEventsCount(2)
			.setDroppedLinksCount(-1)
			.setStatus(io.opentelemetry.proto.trace.v1.Status.newBuilder()
				.setCode(StatusCode.STATUS_CODE_ERROR)
				.setMessage("boom"))
			.build();

		TraceSpan mapped = TraceMapping.span(span, Proto.origin());

		assertThat(mapped)
			.isEqualTo(TraceSpan.builder()
				.traceId(Proto.TRACE)
				.spanId(Proto.SPAN)
				.parentSpanId(Proto.PARENT)
				.name("op")
				.kind(SpanKind.SERVER)
				.serviceName("shop")
				.startTime(Instant.parse("2025-03-04T05:06:07.123456789Z"))
				.endTime(Instant.parse("2025-03-04T05:06:07.124956789Z"))
				.status(Status.ERROR)
				.statusMessage("boom")
				.attributes(Map.of("k", "v", "otel.resource",
						Map.of("service.name", "shop", "service.instance.id", "pod-1"), "otel.scope",
						Map.of("name", "lib", "version", "1.0", "attributes", Map.of("short", "yes")),
						"otel.schema_url", "https://schema/1", "otel.trace_state", "a=b", "otel.flags", 0x101L,
						"otel.dropped_attributes_count", 1L, "otel.dropped_events_count", 2L,
						"otel.dropped_links_count", 0xFFFFFFFFL))
				.build());
	}

	@Test
	void whatIsNotThereIsLeftOut() {
		TraceSpan mapped = TraceMapping.span(minimal().build(), Proto.bareOrigin());
		assertThat(mapped.serviceName()).isEqualTo("unknown_service");
		assertThat(mapped.parentSpanId()).isNull();
		assertThat(mapped.endTime()).isNull();
		assertThat(mapped.statusMessage()).isNull();
		assertThat(mapped.attributes()).isEmpty();
		assertThat(mapped.events()).isEmpty();
		assertThat(mapped.links()).isEmpty();
	}

	@Test
	void aCallOfAModelHasItsCost() {
		Span span = minimal().addAttributes(Proto.attribute("gen_ai.operation.name", "chat"))
			.addAttributes(Proto.attribute("gen_ai.system", "openai"))
			.addAttributes(Proto.attribute("gen_ai.response.model", "gpt-4o-2024-08-06"))
			.addAttributes(Proto.attribute("gen_ai.usage.input_tokens", Proto.value(21)))
			.addAttributes(Proto.attribute("gen_ai.usage.output_tokens", Proto.value(7)))
			.build();
		TraceSpan mapped = CALL_COST.priceInPlace(TraceMapping.span(span, Proto.origin()));
		assertThat(mapped.attributes().get("llm.cost.amount_usd")).isEqualTo(0.0001225);
	}

	@Test
	void events() {
		Span span = minimal()
			.addEvents(Span.Event.newBuilder()
				.setName("retry")
				.setTimeUnixNano(Proto.TIME)
				.addAttributes(Proto.attribute("n", Proto.value(1)))
				.setDroppedAttributesCount(3))
			.build();
		assertThat(TraceMapping.span(span, Proto.origin()).events()).containsExactly(new SpanEvent("retry",
				Instant.parse("2025-03-04T05:06:07.123456789Z"), Map.of("n", 1L, "otel.dropped_attributes_count", 3L)));
	}

	@Test
	void links() {
		Span span = minimal()
			.addLinks(Span.Link.newBuilder()
				.setTraceId(Proto.id(Proto.TRACE))
				.setSpanId(Proto.id(Proto.PARENT))
				.setTraceState("x=y")
				.setFlags(1)
				.setDroppedAttributesCount(4)
				.addAttributes(Proto.attribute("why", "batch")))
			.addLinks(Span.Link.newBuilder().setTraceId(Proto.id("0".repeat(32))).setSpanId(Proto.id("0".repeat(16))))
			.build();
		assertThat(TraceMapping.span(span, Proto.origin()).links()).containsExactly(
				new SpanLink(Proto.TRACE, Proto.PARENT,
						Map.of("why", "batch", "otel.trace_state", "x=y", "otel.flags", 1L,
								"otel.dropped_attributes_count", 4L)),
				new SpanLink("0".repeat(32), "0".repeat(16), Map.of()));
	}

	@ParameterizedTest
	@CsvSource({ "0, INTERNAL", "1, INTERNAL", "2, SERVER", "3, CLIENT", "4, PRODUCER", "5, CONSUMER", "99, INTERNAL" })
	void kinds(int kind, SpanKind expected) {
		assertThat(TraceMapping.span(minimal().setKindValue(kind).build(), Proto.origin()).kind()).isEqualTo(expected);
	}

	@ParameterizedTest
	@CsvSource({ "0, UNSET", "1, OK", "2, ERROR", "99, UNSET" })
	void statuses(int code, Status expected) {
		Span span = minimal().setStatus(io.opentelemetry.proto.trace.v1.Status.newBuilder().setCodeValue(code)).build();
		assertThat(TraceMapping.span(span, Proto.origin()).status()).isEqualTo(expected);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "00000000000000000000000000000000", "0af7651916cd43dd8448eb211c8031",
			"0af7651916cd43dd8448eb211c80319caa" })
	void aTraceIdThatIsNone(String hex) {
		assertBad(minimal().setTraceId(Proto.id(hex)), "Span.trace_id: must be 16 bytes, not all zero");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "0000000000000000", "b7ad6b71692033", "b7ad6b716920333100" })
	void aSpanIdThatIsNone(String hex) {
		assertBad(minimal().setSpanId(Proto.id(hex)), "Span.span_id: must be 8 bytes, not all zero");
	}

	@Test
	void aParentOfZerosIsNone() {
		Span span = minimal().setParentSpanId(Proto.id("0000000000000000")).build();
		assertThat(TraceMapping.span(span, Proto.origin()).parentSpanId()).isNull();
	}

	@Test
	void aParentOfAWrongLengthIsBad() {
		assertBad(minimal().setParentSpanId(ByteString.copyFrom(new byte[] { 1, 2 })),
				"Span.parent_span_id: must be 8 bytes, not all zero");
	}

	@Test
	void aSpanWithoutAStartIsBad() {
		assertBad(minimal().clearStartTimeUnixNano(), "Span.start_time_unix_nano: is missing");
	}

	@Test
	void aTimeIsUnsigned() {
		Span span = minimal().setEndTimeUnixNano(-1).build();
		assertThat(TraceMapping.span(span, Proto.origin()).endTime())
			.isEqualTo(Instant.parse("2554-07-21T23:34:33.709551615Z"));
	}

	private static void assertBad(Span.Builder span, String message) {
		assertThatExceptionOfType(BadRecordException.class)
			.isThrownBy(() -> TraceMapping.span(span.build(), Proto.origin()))
			.withMessage(message);
	}

}
