package io.observatory.storage.row;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.AbstractList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.DoubleAdder;

import io.observatory.storage.error.InvalidRecordException;
import io.observatory.storage.model.SpanEvent;
import io.observatory.storage.model.SpanKind;
import io.observatory.storage.model.SpanLink;
import io.observatory.storage.model.Status;
import io.observatory.storage.model.Trace;
import io.observatory.storage.model.TraceSpan;
import io.observatory.storage.row.Rows.Chunk;
import io.observatory.storage.table.SpansTable;
import io.observatory.storage.table.TracesTable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Input that cannot be read, or whose type only looks like one that can be stored.
 */
class UnreadableInputTest {

	private final RowEncoder row = new RowEncoder(InputPolicy.DEFAULT, Clock.systemUTC(), 1 << 28, null);

	private String json(Object value) {
		this.row.begin("Record", 1);
		this.row.json("json", Map.of("a", value));
		this.row.end();
		RowDecoder decoder = new Rows(List.of(new Chunk(this.row.bytes(), 0, this.row.length(), 1))).decoder();
		decoder.next();
		return decoder.text(ColumnType.JSONB);
	}

	@Test
	void oversizedAndNulIsCountedOnce() {
		this.row.begin("Record", 1);
		this.row.text("text", "\0" + "x".repeat(2 << 20));
		this.row.end();
		assertThat(this.row.replaced()).isEqualTo(1);
	}

	@Test
	void pathIsRefused() {
		assertThatExceptionOfType(InvalidRecordException.class).isThrownBy(() -> json(Path.of("/a/b")));
	}

	@Test
	void atomicLongKeepsItsDigits() {
		assertThat(json(new AtomicLong(Long.MAX_VALUE))).isEqualTo("{\"a\":9223372036854775807}");
	}

	@Test
	void adderOfNaN() {
		DoubleAdder adder = new DoubleAdder();
		adder.add(Double.NaN);
		assertThat(json(adder)).isEqualTo("{\"a\":\"NaN\"}");
	}

	@Test
	void changedWhileRead() {
		Map<String, Object> map = new LinkedHashMap<>();
		map.put("a", new AbstractList<Object>() {
			@Override
			public Object get(int i) {
				map.put("z", 1);
				return 1;
			}

			@Override
			public int size() {
				return 1;
			}
		});
		map.put("b", 1);
		assertThatExceptionOfType(InvalidRecordException.class).isThrownBy(() -> json(map));
	}

	private static TraceSpan span(Instant start, Instant end, Long duration, List<SpanEvent> events,
			List<SpanLink> links, SpanKind kind) {
		return new TraceSpan("t", "s", null, "n", kind, "svc", start, end, duration, Status.OK, null, Map.of(), events,
				links);
	}

	@Test
	void nullEvent() {
		assertThatExceptionOfType(InvalidRecordException.class).isThrownBy(() -> new SpansTable().write(
				span(Instant.EPOCH, null, null, Collections.singletonList(null), List.of(), SpanKind.CLIENT),
				this.row));
	}

	@Test
	void nullLinkTrace() {
		assertThatExceptionOfType(InvalidRecordException.class).isThrownBy(() -> new SpansTable().write(
				span(Instant.EPOCH, null, null, List.of(), List.of(new SpanLink(null, "s", Map.of())), SpanKind.CLIENT),
				this.row));
	}

	@Test
	void nullStartWithDuration() {
		assertThatExceptionOfType(InvalidRecordException.class).isThrownBy(
				() -> new SpansTable().write(span(null, null, 1L, List.of(), List.of(), SpanKind.CLIENT), this.row));
	}

	@Test
	void nullKind() {
		assertThatExceptionOfType(InvalidRecordException.class).isThrownBy(
				() -> new SpansTable().write(span(Instant.EPOCH, null, 1L, List.of(), List.of(), null), this.row));
	}

	@Test
	void farStartWithDuration() {
		assertThatExceptionOfType(InvalidRecordException.class).isThrownBy(() -> new SpansTable()
			.write(span(Instant.MAX, null, 1L, List.of(), List.of(), SpanKind.CLIENT), this.row));
	}

	@Test
	void farStartWithDurationOfTrace() {
		assertThatExceptionOfType(InvalidRecordException.class).isThrownBy(() -> new TracesTable()
			.write(new Trace("t", "s", Instant.MAX, null, 1L, Status.OK, null, null, Map.of(), Map.of()), this.row));
	}

	@Test
	void aPolicyThatTimeOverflowsIsRefused() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new InputPolicy(InputPolicy.Action.REPLACE, InputPolicy.Action.REPLACE,
					InputPolicy.Action.REPLACE, 64, 64, 1, Duration.ofSeconds(Long.MAX_VALUE)))
			.withMessageStartingWith("maxAhead must be ");
	}

	@Test
	void manyEventsStayAnArray() {
		List<SpanEvent> events = Collections.nCopies(20_000, new SpanEvent("event", Instant.EPOCH, Map.of("a", 1)));
		new SpansTable().write(span(Instant.EPOCH, null, null, events, List.of(), SpanKind.CLIENT), this.row);
		RowDecoder decoder = new Rows(List.of(new Chunk(this.row.bytes(), 0, this.row.length(), 1))).decoder();
		decoder.next();
		Map<String, String> fields = new LinkedHashMap<>();
		new SpansTable().columns().forEach((c) -> fields.put(c.name(), decoder.text(c.type())));
		assertThat(fields.get("events")).startsWith("[");
	}

}
