package io.observatory.storage.table;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;

import io.observatory.storage.model.SpanEvent;
import io.observatory.storage.model.SpanKind;
import io.observatory.storage.model.SpanLink;
import io.observatory.storage.model.Status;
import io.observatory.storage.model.Trace;
import io.observatory.storage.model.TraceSpan;
import io.observatory.storage.testing.Records;

/**
 * Records of many traces in every state that a trace can be in: declared several times or
 * never, with spans open, closed, corrected and redelivered. A seed gives the same
 * records in every JVM. Text that decides between two versions is made of letters and
 * digits, so that every collation agrees on it.
 */
public final class TraceScenario {

	private static final Status[] STATUSES = { Status.OK, Status.OK, Status.UNSET, Status.ERROR };

	private static final String[] SERVICES = { "checkout", "cart", "search" };

	private final Random random;

	private final List<Record> records = new ArrayList<>();

	private TraceScenario(long seed) {
		this.random = new Random(seed);
	}

	/**
	 * Returns the records, {@link Trace} and {@link TraceSpan}, of so many traces.
	 * @param largest how many spans the largest one of them has
	 */
	public static List<Record> records(long seed, int traces, int largest) {
		TraceScenario scenario = new TraceScenario(seed);
		for (int trace = 0; trace < traces; trace++) {
			scenario.add(trace, (trace == traces / 2) ? largest : 1 + scenario.random.nextInt(isPlain(trace) ? 9 : 5));
		}
		return List.copyOf(scenario.records);
	}

	/**
	 * Returns the records in one of the orders: shuffled, and in most of them what
	 * matters for a trace first or last. Traces whose spans come once each stand apart in
	 * every other order: one redelivered span makes the writer count anew the traces of
	 * the whole batch, which would hide a mistake made when spans are added to them.
	 */
	static List<Record> inOrder(List<Record> records, int order) {
		List<Record> ordered = new ArrayList<>(records);
		Collections.shuffle(ordered, new Random(order));
		switch (order % 5) {
			case 1 -> last(ordered, TraceScenario::isRoot);
			case 2 -> last(ordered, (record) -> !isRoot(record));
			case 3 -> last(ordered, Trace.class::isInstance);
			case 4 -> last(ordered, TraceSpan.class::isInstance);
			default -> {
				// just shuffled
			}
		}
		if (order % 2 == 0) {
			Set<String> plain = plainTraces(records);
			last(ordered, (record) -> !plain.contains(trace(record)));
		}
		return ordered;
	}

	/**
	 * Returns what one of two processes writes: every record goes to one of them, some go
	 * to both.
	 */
	static List<Record> share(List<Record> records, int order, int process) {
		Set<String> plain = plainTraces(records);
		Random choice = new Random(order + 1000L);
		return records.stream().filter((record) -> {
			int number = choice.nextInt(20);
			return number % 2 == process || number < 2 && !plain.contains(trace(record));
		}).toList();
	}

	/** Returns the traces of which no span comes twice. */
	private static Set<String> plainTraces(List<Record> records) {
		Set<String> plain = new HashSet<>();
		Set<String> others = new HashSet<>();
		Set<String> spans = new HashSet<>();
		for (Record record : records) {
			plain.add(trace(record));
			if (record instanceof TraceSpan span && !spans.add(span.spanId().toLowerCase(Locale.ROOT))) {
				others.add(trace(record));
			}
		}
		plain.removeAll(others);
		return plain;
	}

	private static String trace(Record record) {
		String id = (record instanceof Trace trace) ? trace.traceId() : ((TraceSpan) record).traceId();
		return id.toLowerCase(Locale.ROOT);
	}

	private static void last(List<Record> records, Predicate<Record> which) {
		records.sort(Comparator.comparing(which::test));
	}

	private static boolean isRoot(Record record) {
		return record instanceof TraceSpan span && span.parentSpanId() == null;
	}

	private void add(int trace, int spans) {
		int shape = trace % 13;
		if (shape != 5) {
			for (int span = 0; span < spans; span++) {
				addSpan(trace, shape, span);
			}
		}
		switch (shape) {
			case 1 -> declareOpenThenClosed(trace);
			case 2 -> declareDifferently(trace);
			case 3 -> declareWithFewerFields(trace);
			case 5 -> declare(trace, "alone", (trace % 2 == 0) ? 70 : null);
			case 6, 7 -> declare(trace, "named", null);
			case 10 -> declareStatus(trace);
			default -> {
				// spans only
			}
		}
	}

	private void addSpan(int trace, int shape, int number) {
		boolean root = switch (shape) {
			case 4 -> false;
			// several roots, of the same start more often than not
			case 8 -> number < 3;
			default -> number == 0;
		};
		TraceSpan.Builder span = TraceSpan.builder()
			.spanId(spanId(trace, number))
			.parentSpanId(root ? null : spanId(trace, (number == 0) ? 9_999 : this.random.nextInt(number)))
			.name("step" + number % 7)
			.kind(SpanKind.values()[this.random.nextInt(5)])
			.serviceName(SERVICES[this.random.nextInt(3)])
			.startTime(time(this.random.nextInt(3)))
			.attributes(attributes(root));
		boolean plain = isPlain(trace);
		if (shape == 11 || !plain && this.random.nextInt(5) < 2) {
			addSpan(trace, span.status(Status.UNSET));
		}
		if (shape == 11) {
			return;
		}
		int end = 10 + this.random.nextInt(50);
		Status status = STATUSES[this.random.nextInt(4)];
		span.endTime(time(end)).status(status).statusMessage((status != Status.ERROR) ? null : "failed" + number);
		addSpan(trace, span);
		if (!plain) {
			addVersions(trace, span, root, end);
		}
	}

	/**
	 * Corrections: better ones, worse ones, and some that only a fixed rule can decide.
	 */
	private void addVersions(int trace, TraceSpan.Builder span, boolean root, int end) {
		if (this.random.nextInt(4) == 0) {
			addSpan(trace, span.endTime(time(end - 5)).status(Status.ERROR).statusMessage("early"));
		}
		if (this.random.nextInt(4) == 0) {
			addSpan(trace, span.endTime(time(end)).name("renamed" + this.random.nextInt(10)));
			addSpan(trace, span.attributes(attributes(root)).statusMessage("said" + this.random.nextInt(3)));
			addSpan(trace, span.events(List.of(event(), event())).links(List.of(link(trace))));
			addSpan(trace, span.events(List.of(event())));
		}
		if (this.random.nextInt(4) == 0) {
			// by its duration, and perhaps no longer a root
			addSpan(trace,
					span.endTime(null)
						.durationUs((end + 5) * 1000L)
						.status(Status.OK)
						.parentSpanId((root && trace % 13 != 9) ? null : spanId(trace, 9_998)));
		}
	}

	private void addSpan(int trace, TraceSpan.Builder span) {
		for (int i = 0; i <= (isPlain(trace) ? 0 : this.random.nextInt(3) / 2); i++) {
			this.records.add(span.traceId(traceId(trace)).build());
		}
	}

	private void declareOpenThenClosed(int trace) {
		declare(trace, "front", null);
		declare(trace, "front", 90);
	}

	private void declareDifferently(int trace) {
		for (int i = 0; i < 2; i++) {
			add(trace(trace, "front", 80).rootSpanName("root" + this.random.nextInt(5))
				.attributes(Map.of("n", this.random.nextInt(3)))
				.durationUs((long) this.random.nextInt(2)));
		}
		add(trace(trace, "earlier", 60).rootSpanName("zzz")
			.status(Status.ERROR)
			.statusMessage("earlier")
			.resourceAttributes(Map.of("host", "a1")));
	}

	private void declareWithFewerFields(int trace) {
		add(trace(trace, "loser", 60).rootSpanName("loser")
			.status(Status.OK)
			.statusMessage("loser")
			.attributes(Map.of("loser", true))
			.resourceAttributes(Map.of("host", "loser")));
		declare(trace, "winner", 61);
		if (trace % 2 == 0) {
			// more of everything, but no end
			add(trace(trace, "open", null).rootSpanName("open").status(Status.ERROR).statusMessage("open"));
		}
	}

	private void declareStatus(int trace) {
		add(trace(trace, "front", null).status(Status.OK)
			.statusMessage((trace % 2 == 0) ? "fine" : null)
			.resourceAttributes(Map.of("host", "a1", "k", List.of(1, "b", Map.of("c", false)))));
	}

	private void declare(int trace, String service, Integer end) {
		add(trace(trace, service, end));
	}

	private Trace.Builder trace(int trace, String service, Integer end) {
		return Trace.builder()
			.traceId(traceId(trace))
			.serviceName(service)
			.startTime(time(-this.random.nextInt(2)))
			.endTime((end != null) ? time(end) : null)
			.attributes(Map.of("declared", trace, "by", service));
	}

	private void add(Trace.Builder trace) {
		Trace built = trace.build();
		for (int i = 0; i <= this.random.nextInt(2); i++) {
			this.records.add(built);
		}
	}

	private Map<String, ?> attributes(boolean root) {
		Map<String, Object> attributes = new HashMap<>();
		attributes.put("tokens", this.random.nextInt(4));
		attributes.put("model", "m" + this.random.nextInt(3));
		if (root && this.random.nextInt(3) > 0) {
			attributes.put("otel.resource", Map.of("host", "h" + this.random.nextInt(9), "pid", 7));
		}
		return attributes;
	}

	private SpanEvent event() {
		return new SpanEvent("token", time(this.random.nextInt(9)), Map.of("n", this.random.nextInt(9)));
	}

	private static SpanLink link(int trace) {
		return new SpanLink(Records.traceId(trace + 1).toUpperCase(Locale.ROOT), "00000000000000AA", Map.of());
	}

	/** Of these each span comes once. */
	private static boolean isPlain(int trace) {
		return trace / 13 % 2 == 0;
	}

	/** Milliseconds after a start that lies between two microseconds. */
	private static Instant time(int millis) {
		return Records.START.plusMillis(millis);
	}

	/** Text, or hex that is sometimes in upper case: still the same trace. */
	private String traceId(int trace) {
		String id = (trace % 13 == 6) ? "order-" + trace : Records.traceId(trace * 0x9E3779B9L);
		return (trace % 13 == 7 && this.random.nextBoolean()) ? id.toUpperCase(Locale.ROOT) : id;
	}

	/** Scattered, so that the smallest id is not the first one. */
	private String spanId(int trace, int number) {
		if (trace % 13 == 6) {
			return "step-" + trace + "-" + number;
		}
		String id = "%016x".formatted((trace * 10_000L + number + 1) * 0x9E3779B97F4A7C15L);
		return (trace % 13 == 7 && this.random.nextBoolean()) ? id.toUpperCase(Locale.ROOT) : id;
	}

}
