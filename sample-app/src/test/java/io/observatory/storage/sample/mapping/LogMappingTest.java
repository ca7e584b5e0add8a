package io.observatory.storage.sample.mapping;

import java.time.Instant;
import java.util.Map;

import io.observatory.storage.model.LogRecord;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.logs.v1.SeverityNumber;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class LogMappingTest {

	private static final Instant RECEIVED = Instant.parse("2025-06-01T00:00:00Z");

	private static io.opentelemetry.proto.logs.v1.LogRecord.Builder log() {
		return io.opentelemetry.proto.logs.v1.LogRecord.newBuilder();
	}

	private static LogRecord map(io.opentelemetry.proto.logs.v1.LogRecord.Builder log) {
		return LogMapping.log(log.build(), Proto.origin(), RECEIVED);
	}

	@Test
	void everyField() {
		LogRecord mapped = map(log().setTimeUnixNano(Proto.TIME)
			.setObservedTimeUnixNano(Proto.TIME + 1)
			.setSeverityNumber(SeverityNumber.SEVERITY_NUMBER_WARN2)
			.setSeverityText("WARNING")
			.setBody(Proto.value("hello"))
			.setTraceId(Proto.id(Proto.TRACE))
			.setSpanId(Proto.id(Proto.SPAN))
			.setFlags(0x301)
			.setEventName("user.login")
			.setDroppedAttributesCount(2)
			.addAttributes(Proto.attribute("k", "v")));

		assertThat(mapped).isEqualTo(LogRecord.builder()
			.id(mapped.id())
			.timestamp(Instant.parse("2025-03-04T05:06:07.123456789Z"))
			.observedTimestamp(Instant.parse("2025-03-04T05:06:07.123456790Z"))
			.severityNumber(14)
			.severityText("WARNING")
			.body("hello")
			.serviceName("shop")
			.traceId(Proto.TRACE)
			.spanId(Proto.SPAN)
			.traceFlags(1)
			.attributes(Map.of("k", "v", "otel.event_name", "user.login", "otel.schema_url", "https://schema/1",
					"otel.dropped_attributes_count", 2L))
			.resourceAttributes(Map.of("service.name", "shop", "service.instance.id", "pod-1"))
			.scopeName("lib")
			.scopeVersion("1.0")
			.scopeAttributes(Map.of("short", "yes"))
			.build());
	}

	@Test
	void whatIsNotThereIsNull() {
		LogRecord mapped = LogMapping.log(log().build(), Proto.bareOrigin(), RECEIVED);
		assertThat(mapped)
			.isEqualTo(LogRecord.builder().id(mapped.id()).timestamp(RECEIVED).serviceName("unknown_service").build());
	}

	@Test
	void withoutATimeItIsTheObservedOne() {
		LogRecord mapped = map(log().setObservedTimeUnixNano(Proto.TIME));
		assertThat(mapped.timestamp()).isEqualTo(Instant.parse("2025-03-04T05:06:07.123456789Z"));
		assertThat(mapped.observedTimestamp()).isEqualTo(mapped.timestamp());
	}

	@Test
	void withoutAnyTimeItIsWhenItWasReceived() {
		LogRecord mapped = map(log());
		assertThat(mapped.timestamp()).isEqualTo(RECEIVED);
		assertThat(mapped.observedTimestamp()).isNull();
	}

	@Test
	void aStructuredBodyIsJson() {
		AnyValue body = AnyValue.newBuilder()
			.setArrayValue(ArrayValue.newBuilder().addValues(Proto.value("a")).addValues(Proto.value(1)))
			.build();
		assertThat(map(log().setBody(body)).body()).isEqualTo("[\"a\",1]");
	}

	@Test
	void anInvalidIdIsNone() {
		LogRecord mapped = map(log().setTraceId(Proto.id("0".repeat(32))).setSpanId(Proto.id("abcd")));
		assertThat(mapped.traceId()).isNull();
		assertThat(mapped.spanId()).isNull();
		assertThat(mapped.traceFlags()).isNull();
	}

	@Test
	void theFlagsOfATraceMayBeZero() {
		assertThat(map(log().setTraceId(Proto.id(Proto.TRACE))).traceFlags()).isZero();
	}

	@Test
	void anUnknownSeverityIsLeftToTheWriter() {
		assertThat(map(log().setSeverityNumberValue(77)).severityNumber()).isEqualTo(77);
	}

}
