package io.observatory.storage.capture.opentelemetry;

import io.micrometer.tracing.otel.bridge.OtelFinishedSpan;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.testing.trace.TestSpanData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SpanMappingTest {

	/** If its class had another name, its attributes would be assembled twice again. */
	@Test
	void aSpanOfSpringBootIsKnown() {
		SpanData span = OtelFinishedSpan.toOtel(OtelFinishedSpan.fromOtel(TestSpanData.builder()
			.setName("order")
			.setKind(SpanKind.INTERNAL)
			.setStartEpochNanos(1)
			.setEndEpochNanos(2)
			.setHasEnded(true)
			.setStatus(StatusData.unset())
			.build()));
		assertThat(span.getClass().getName()).isEqualTo(SpanMapping.ASSEMBLED);
		// it does not know of more than it has
		assertThat(span.getTotalAttributeCount()).isEqualTo(span.getAttributes().size());
	}

}
