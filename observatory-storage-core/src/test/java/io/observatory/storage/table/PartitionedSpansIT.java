package io.observatory.storage.table;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.model.SpanKind;
import io.observatory.storage.model.TraceSpan;
import io.observatory.storage.session.WriteMethod;
import io.observatory.storage.testing.Database;
import io.observatory.storage.testing.Records;
import io.observatory.storage.writer.TraceWriter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the layout {@code partitioned} makes of spans that the source system's keys take
 * for one: there a span is known by its trace, its id and its start.
 */
@EnabledIfSystemProperty(named = Database.LAYOUT_PROPERTY, matches = "partitioned")
class PartitionedSpansIT {

	private static final int SPANS = 40;

	private final Database database = Database.get();

	@BeforeEach
	void clear() {
		this.database.clear();
	}

	@ParameterizedTest
	@EnumSource(names = { "COPY", "INSERT" })
	void theSameSpanIdInTwoTracesIsTwoSpans(WriteMethod method) {
		List<TraceSpan> spans = new ArrayList<>();
		for (int span = 0; span < SPANS; span++) {
			spans.addAll(List.of(Records.span(span, span), Records.span(span + 5000, span)));
		}
		assertThat(written(method, spans, spans)).as("dead letters").isZero();
		assertThat(spans()).isEqualTo(2 * SPANS);
	}

	@ParameterizedTest
	@EnumSource(names = { "COPY", "INSERT" })
	void twoSidesOfACallAreTwoSpansUnlessTheyStartAtOnce(WriteMethod method) {
		List<TraceSpan> clients = new ArrayList<>();
		List<TraceSpan> servers = new ArrayList<>();
		for (int call = 0; call < SPANS; call++) {
			clients.add(side(call, SpanKind.CLIENT, Records.START));
			servers.add(side(call, SpanKind.SERVER, Records.START.plusMillis(call % 2)));
		}
		assertThat(written(method, clients, servers)).as("dead letters").isEqualTo(SPANS / 2);
		assertThat(spans()).isEqualTo(SPANS * 3L / 2);
		assertThat(this.database.rows("SELECT DISTINCT constraint_name, reason FROM observatory.dead_letters"))
			.singleElement()
			.satisfies((letter) -> assertThat(letter.values()).containsExactly("trace_spans_pkey",
					"the span id belongs to a span of another kind in this trace"));
	}

	/**
	 * The start is part of what a span is known by, on the same day as on another one.
	 */
	@ParameterizedTest
	@EnumSource(names = { "COPY", "INSERT" })
	void spanThatIsSentWithAnotherStartIsASecondSpan(WriteMethod method) {
		Instant now = Instant.now();
		List<TraceSpan> spans = new ArrayList<>();
		List<TraceSpan> corrected = new ArrayList<>();
		for (int span = 0; span < SPANS; span++) {
			spans.add(side(span, SpanKind.INTERNAL, now));
			corrected.add(side(span, SpanKind.INTERNAL, now.minus(Duration.ofHours(span))));
		}
		assertThat(written(method, spans, corrected)).as("dead letters").isZero();
		assertThat(spans()).isEqualTo(2 * SPANS - 1);
	}

	/** The days of a trace are several partitions, and each of its spans counts once. */
	@ParameterizedTest
	@EnumSource(names = { "COPY", "INSERT" })
	void spansOfManyDaysAreOneTrace(WriteMethod method) {
		List<TraceSpan> spans = new ArrayList<>();
		for (int day = 0; day < SPANS; day++) {
			spans.add(side(day, SpanKind.INTERNAL, Instant.now().minus(Duration.ofDays(30L - day % 30))));
		}
		assertThat(written(method, spans, spans)).as("dead letters").isZero();
		assertThat(this.database.rows("SELECT id FROM observatory.trace_spans")).hasSize(SPANS);
		assertThat(spans()).isEqualTo(SPANS);
	}

	/** Returns how many spans all traces tell of, which is how many there are. */
	private long spans() {
		Long told = this.database.jdbc()
			.queryForObject("SELECT coalesce(sum(span_count), 0) FROM observatory.traces", Long.class);
		assertThat(told).isEqualTo(this.database.count("trace_spans"));
		return told;
	}

	private long written(WriteMethod method, List<TraceSpan> first, List<TraceSpan> then) {
		TraceWriter writer = new TraceWriter(this.database.dataSource(),
				WriterConfig.traces().writeMethod(method).maxConcurrency(1).build());
		try (writer) {
			writer.writeSpans(first);
			writer.flush();
			writer.writeSpans(then);
		}
		assertThat(writer.writeStats().stored() + writer.writeStats().deadLettered())
			.isEqualTo(writer.writeStats().accepted())
			.isEqualTo(first.size() + then.size());
		return writer.writeStats().deadLettered();
	}

	private static TraceSpan side(int call, SpanKind kind, Instant start) {
		return TraceSpan.builder()
			.traceId(Records.traceId(call / 10))
			.spanId(Records.spanId(call))
			.name(kind.text())
			.kind(kind)
			.serviceName("checkout")
			.startTime(start)
			.endTime(start.plusSeconds(1))
			.build();
	}

}
