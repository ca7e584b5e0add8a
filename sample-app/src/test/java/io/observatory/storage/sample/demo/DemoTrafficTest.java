package io.observatory.storage.sample.demo;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.stream.Stream;

import io.observatory.storage.model.TraceSpan;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class DemoTrafficTest {

	private static final Instant NOW = Instant.parse("2025-03-04T05:06:07Z");

	private final DemoTraffic traffic = new DemoTraffic(Clock.fixed(NOW, ZoneOffset.UTC));

	@Test
	void aConversationIsOneTraceOfEightRecords() {
		Conversation conversation = this.traffic.next();
		TraceSpan call = conversation.call().toSpan();

		assertThat(3 + conversation.logs().size() + conversation.points().size()).isEqualTo(Conversation.RECORDS);
		assertThat(conversation.server().parentSpanId()).isNull();
		assertThat(Stream.of(call, conversation.tool()))
			.allSatisfy((span) -> assertThat(span.traceId()).isEqualTo(conversation.server().traceId()))
			.allSatisfy((span) -> assertThat(span.parentSpanId()).isEqualTo(conversation.server().spanId()));
		assertThat(conversation.logs())
			.allSatisfy((log) -> assertThat(log.traceId()).isEqualTo(conversation.server().traceId()))
			.allSatisfy((log) -> assertThat(log.timestamp()).isBeforeOrEqualTo(NOW));
	}

	@Test
	void spansLieWithinTheRoot() {
		Conversation conversation = this.traffic.next();
		Instant end = conversation.server().endTime();
		assertThat(end).isEqualTo(NOW);
		assertThat(conversation.tool().endTime()).isBefore(end);
		assertThat(conversation.call().latency().end()).isBefore(end);
	}

	@Test
	void somethingFailsOrIsScoredNowAndThen() {
		assertThat(Stream.generate(this.traffic::next).limit(2000)).anyMatch((c) -> c.call().errorType() != null)
			.anyMatch((c) -> c.call().errorType() == null)
			.anyMatch((c) -> !c.scores().isEmpty())
			.anyMatch((c) -> c.scores().isEmpty());
	}

}
