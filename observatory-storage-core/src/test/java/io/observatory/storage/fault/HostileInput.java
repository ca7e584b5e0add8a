package io.observatory.storage.fault;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.AbstractList;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.observatory.storage.llm.LlmInput;
import io.observatory.storage.llm.LlmLatency;
import io.observatory.storage.llm.LlmOutput;
import io.observatory.storage.llm.LlmSpan;
import io.observatory.storage.model.Bucket;
import io.observatory.storage.model.Exemplar;
import io.observatory.storage.model.Quantile;
import io.observatory.storage.model.SpanEvent;
import io.observatory.storage.model.SpanLink;
import io.observatory.storage.model.Status;
import io.observatory.storage.model.Trace;
import io.observatory.storage.model.TraceEvent;
import io.observatory.storage.testing.Records;

/**
 * What an application might hand over by mistake or by malice: each component of each
 * record, with each value of its type that may do harm.
 */
final class HostileInput {

	private static final Instant NOW = Instant.now();

	/** Some are large: the same ones for all. */
	private static final Map<String, Object> MAPS = maps();

	private HostileInput() {
	}

	/** A record, and what is hostile about it. */
	record Case(String name, Record record) {

		@Override
		public String toString() {
			return this.name;
		}

	}

	/** How many kinds of record there are. */
	static final int KINDS = 8;

	/** Returns a harmless record of a kind, with keys of its own. */
	static Record harmless(int kind, long number) {
		return switch (kind) {
			case 0 -> Records.log(number);
			case 1 -> trace(number);
			case 2 -> Records.span(number, number);
			case 3 -> event(number);
			case 4 -> Records.metric("requests." + number);
			case 5 -> Records.point("requests", number);
			case 6 -> Records.score(number);
			default -> llmSpan(number);
		};
	}

	private static Trace trace(long number) {
		return Trace.builder()
			.traceId(Records.traceId(number))
			.serviceName("checkout")
			.startTime(Records.START)
			.endTime(Records.START.plusMillis(number))
			.status(Status.OK)
			.statusMessage("fine")
			.build();
	}

	private static TraceEvent event(long number) {
		return TraceEvent.builder()
			.traceId(Records.traceId(number))
			.spanId(Records.spanId(number))
			.name("cache miss")
			.timestamp(Records.START)
			.build();
	}

	private static LlmSpan llmSpan(long number) {
		return LlmSpan.builder()
			.traceId(Records.traceId(number))
			.spanId(Records.spanId(number))
			.name("chat")
			.provider("openai")
			.model("m-1")
			.input(new LlmInput.Text("Hello?"))
			.output(LlmOutput.of("Hello.", "stop"))
			.latency(LlmLatency.of(Records.START, Duration.ofMillis(5)))
			.build();
	}

	/** Returns all cases of a kind, each with keys of its own. */
	static List<Case> cases(int kind) {
		List<Case> cases = new ArrayList<>();
		AtomicLong number = new AtomicLong(kind * 100_000L);
		for (RecordComponent component : harmless(kind, 0).getClass().getRecordComponents()) {
			String name = component.getDeclaringRecord().getSimpleName() + "." + component.getName() + " ";
			values(component, number.get())
				.forEach((what, value) -> with(harmless(kind, number.getAndIncrement()), component, value)
					.ifPresent((record) -> cases.add(new Case(name + what, record))));
		}
		return cases;
	}

	/** Returns the hostile values of a component by name, its text marked as its own. */
	static Map<String, Object> values(RecordComponent component, long number) {
		Map<String, Object> values = new LinkedHashMap<>();
		Class<?> type = component.getType();
		boolean isLlm = component.getDeclaringRecord() == LlmSpan.class;
		if (type == String.class) {
			values.putAll(texts("-" + number));
		}
		else if (type == Instant.class) {
			times().forEach((time) -> values.put(time.toString(), time));
		}
		else if (type == Map.class) {
			values.putAll(MAPS);
		}
		else if (type == List.class) {
			lists(component.getName()).forEach((list) -> values.put("list " + values.size(), list));
		}
		else if (type == LlmInput.class) {
			texts("").forEach((name, text) -> values.put(name, new LlmInput.Text(text)));
		}
		else if (type == LlmOutput.class) {
			texts("").forEach((name, text) -> values.put(name, LlmOutput.of(text, text)));
		}
		else {
			plain(type).forEach((value) -> values.put(value.toString(), value));
		}
		if (!type.isPrimitive() && !isLlm) {
			values.put("null", null);
		}
		return values;
	}

	private static List<?> plain(Class<?> type) {
		if (type == Integer.class) {
			return List.of(Integer.MIN_VALUE, -1, 0, 1, 24, 25, 255, 256, Integer.MAX_VALUE);
		}
		if (type == Long.class) {
			return List.of(Long.MIN_VALUE, -1L, 0L, 1L, TimeUnit.DAYS.toMicros(36_500),
					TimeUnit.DAYS.toMicros(36_500) + 1, Long.MAX_VALUE / 1000, Long.MAX_VALUE);
		}
		if (type == Double.class) {
			return List.of(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -0.0, Double.MIN_VALUE,
					Double.MIN_NORMAL, Double.MAX_VALUE, -Double.MAX_VALUE, 0.1 + 0.2);
		}
		return type.isEnum() ? Arrays.asList(type.getEnumConstants()) : List.of();
	}

	private static Map<String, String> texts(String own) {
		Map<String, String> texts = new LinkedHashMap<>();
		texts.put("empty", "");
		texts.put("longest name", "n".repeat(255 - own.length()) + own);
		texts.put("longest id", "i".repeat(128 - own.length()) + own);
		texts.put("id too long by one", "i".repeat(129 - own.length()) + own);
		texts.put("name too long by one", "n".repeat(256 - own.length()) + own);
		texts.put("name cut in a pair", own + "🙂".repeat(200));
		texts.put("longest name of pairs", own + "x".repeat(255 - own.length() - 254 / 4 * 2) + "🙂".repeat(254 / 4));
		texts.put("one megabyte", own + "m".repeat((1 << 20) - own.length()));
		texts.put("a byte more", own + "m".repeat((1 << 20) - own.length() + 1));
		texts.put("two megabytes", own + "🙂\\\"".repeat(350_000));
		texts.put("upper hex 32",
				("%s".formatted("ABCDEF0123456789ABCDEF") + "%010X".formatted(own.hashCode() & 0xFFFFFFFFL)));
		texts.put("upper hex 16", ("ABCDEF" + "%010X".formatted(own.hashCode() & 0xFFFFFFFFL)));
		Stream
			.of("blank: \t ", "NUL:\0", "\0\0", "NUL between: a\0b", "high: \uD83D", "low: \uDE42",
					"reversed: \uDE42\uD83D", "twice high: \uD83D\uD83D\uDE42", "pair: 🙂", "family: 👨‍👩‍👧‍👦",
					"4 bytes: 𝄞𠜎", "RTL: \u202Eevil\u202C שלום مرحبا",
					"combining: e\u0301 é Z\u0351\u036B\u0343\u036A\u0302\u036B", "full width: ０１２３ＡＢＣ",
					"kelvin, dotted i: \u212A\u0130\u0131\u017F", "controls: \u0001\u0002\u001F\u007F\u0080\u009F",
					"COPY escapes: \t\n\r\b\f\u000B", "end of COPY: \n\\.\n", "NULL of COPY: \\N",
					"backslashes: \\ \\\\ \\\\\\", "escapes: \\u0000 \\x00 \\0 \\'", "quotes: ' '' \" \"\" ` $$ $a$",
					"SQL: '; DROP TABLE logs; --", "SQL: \"); DELETE FROM traces; /*",
					"parameters: ? ?? ?| $1 :name %s {0} ${x} #{x}", "JSON: {\"a\":[1,null]}",
					"words: NULL null true NaN Infinity", "array: {a,\"b\",NULL}", "row: (1,\"a\",)",
					"non-characters: \uFFFE\uFFFF\uFDD0", "BOM: \uFEFF", "lines: \u2028\u2029\u0085",
					"private: \uE000\uDBFF\uDFFD", "CRLF: \r\n\r\n", "date: infinity -infinity epoch now",
					"format: %n%d%99999999d", "HTML: <script>&amp;</script>", "path: ../../etc/passwd\0.png")
			.forEach((text) -> texts.put(text, text + own));
		texts.put("high at the end", own + "\uD83D");
		texts.put("NUL at the end", "NUL" + own + "\0");
		return texts;
	}

	private static List<Instant> times() {
		return List.of(Instant.MIN, Instant.MAX, Instant.EPOCH, Instant.EPOCH.minusNanos(1), Instant.EPOCH.plusNanos(1),
				Instant.parse("1969-12-31T23:59:59.999999999Z"), Instant.parse("1999-12-31T23:59:59.999999999Z"),
				Instant.parse("2000-01-01T00:00:00Z"), Instant.parse("2024-02-29T23:59:59.999999999Z"),
				Instant.parse("2026-03-29T00:59:59.999999500Z"), Instant.parse("-5000-01-01T00:00:00Z"),
				Instant.parse("0000-01-01T00:00:00Z"), Instant.parse("9999-12-31T23:59:59.999999999Z"),
				Instant.parse("+10000-01-01T00:00:00Z"), Instant.parse("+300000-01-01T00:00:00Z"),
				Instant.ofEpochSecond(Long.MAX_VALUE / 1_000_000_000), NOW.plus(Duration.ofDays(6)),
				NOW.plus(Duration.ofDays(8)));
	}

	private static Map<String, Object> maps() {
		Map<String, Object> maps = new LinkedHashMap<>();
		texts("").forEach((name, text) -> {
			maps.put("value " + name, Map.of("a", text));
			if (text.length() < 1000) {
				maps.put("name " + name, Map.of(text, 1));
			}
		});
		for (Object number : List.of(Double.NaN, Float.NaN, Double.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, -0.0,
				0.1f, Float.MIN_VALUE, Float.MAX_VALUE, Double.MIN_VALUE, Double.MAX_VALUE, 1e-7, 1e21, 123456789.125,
				Long.MIN_VALUE, Long.MAX_VALUE, Byte.MIN_VALUE, Short.MAX_VALUE, BigInteger.TEN.pow(999),
				BigInteger.TEN.pow(1000), BigInteger.TEN.pow(20_000).negate(), new BigDecimal("1e999"),
				new BigDecimal("1e1000"), new BigDecimal("1e-999"), new BigDecimal("1e-200000"),
				new BigDecimal("1e200000"), new BigDecimal("1E+2147483647"), new BigDecimal("0.10"),
				new BigDecimal("0e5"), new BigDecimal("-12345678901234567890.123456789"), new AtomicLong(7))) {
			String text = number.toString();
			maps.put("number " + number.getClass().getSimpleName() + " "
					+ text.substring(0, Math.min(20, text.length())), Map.of("a", number));
		}
		maps.put("null", Collections.singletonMap("a", null));
		maps.put("nulls", Map.of("a", Arrays.asList(null, null)));
		maps.put("null as name", Collections.singletonMap(null, 1));
		maps.put("names of other types",
				new LinkedHashMap<>(Map.of(1, "a", true, "b", Status.OK, "c", new UUID(1, 2), "d")));
		maps.put("a list as name", Map.of(List.of(1), 1));
		Map<String, Object> same = new LinkedHashMap<>();
		same.put("a\0", 1);
		same.put("a\uD83D", 2);
		same.put("a\uFFFD", 3);
		maps.put("names that become the same", same);
		maps.put("arrays",
				Map.of("a", new int[] { 1 }, "b", new double[] { Double.NaN }, "c", new Object[] { null, "\0" }, "d",
						new byte[] { 0, -1 }, "e", new String[0][0], "f", new boolean[] { true }, "g",
						new char[] { '\0', 'x' }));
		maps.put("scalars", Map.of("a", Status.ERROR, "b", new UUID(0, 0), "c", Instant.MAX, "d", LocalDate.MIN, "e",
				NOW.atOffset(ZoneOffset.MAX), "f", '\0', "g", new StringBuilder("\uD83D"), "h", Set.of()));
		maps.put("as deep as allowed", nested(256));
		maps.put("too deep", nested(257));
		maps.put("far too deep", nested(20_000));
		maps.put("deep lists", Map.of("a",
				IntStream.range(0, 5000).boxed().reduce((Object) 1, (inner, i) -> List.of(inner), (a, b) -> a)));
		Map<String, Object> cyclic = new HashMap<>();
		cyclic.put("self", cyclic);
		maps.put("cyclic", cyclic);
		Map<String, Object> explosive = new HashMap<>();
		explosive.put("self", Collections.nCopies(3, explosive));
		maps.put("cyclic, thrice", explosive);
		List<Object> list = new ArrayList<>();
		list.add(list);
		maps.put("cyclic list", Map.of("a", list));
		maps.put("many members", many(100_000));
		maps.put("object", Map.of("a", new Object()));
		maps.put("optional", Map.of("a", Optional.of("b")));
		maps.put("thread", Map.of("a", List.of(Thread.currentThread())));
		maps.put("duration", Map.of("a", Duration.ofDays(1)));
		maps.put("throwing text", Map.of("a", new ThrowingText()));
		maps.put("throwing list", Map.of("a", new ThrowingList()));
		maps.put("throwing map", Map.of("a", new ThrowingMap()));
		maps.put("throwing number", Map.of("a", new ThrowingNumber()));
		return maps;
	}

	private static List<?> lists(String component) {
		List<Object> lists = new ArrayList<>();
		lists.add(List.of());
		switch (component) {
			case "events" -> texts("").values()
				.forEach((text) -> lists.add(List.of(new SpanEvent(text, Instant.MAX, Map.of("a", text)))));
			case "links" ->
				texts("").values().forEach((text) -> lists.add(List.of(new SpanLink(text, text, Map.of("a", text)))));
			case "exemplars" -> texts("").values()
				.forEach((text) -> lists
					.add(List.of(new Exemplar(Double.NaN, Instant.MIN, text, text, Map.of("a", text)))));
			case "buckets" ->
				plain(Double.class).forEach((real) -> lists.add(List.of(new Bucket((Double) real, Long.MIN_VALUE))));
			default ->
				plain(Double.class).forEach((real) -> lists.add(List.of(new Quantile((Double) real, (Double) real))));
		}
		return lists;
	}

	private static Map<String, Object> nested(int depth) {
		Map<String, Object> map = Map.of();
		for (int i = 1; i < depth; i++) {
			map = Map.of("k", map);
		}
		return map;
	}

	private static Map<String, Object> many(int count) {
		Map<String, Object> map = new HashMap<>();
		for (int i = 0; i < count; i++) {
			map.put("key " + i, i);
		}
		return map;
	}

	/**
	 * Returns the record with one component changed, or nothing when its constructor
	 * refuses it.
	 */
	static Optional<Record> with(Record record, RecordComponent changed, Object value) {
		try {
			RecordComponent[] components = record.getClass().getRecordComponents();
			Class<?>[] types = Stream.of(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
			Object[] values = new Object[components.length];
			for (int i = 0; i < values.length; i++) {
				boolean isChanged = components[i].getName().equals(changed.getName());
				values[i] = isChanged ? value : components[i].getAccessor().invoke(record);
			}
			return Optional.of(record.getClass().getDeclaredConstructor(types).newInstance(values));
		}
		catch (InvocationTargetException ex) {
			return Optional.empty();
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Returns the record as the writers take it apart. */
	static Record plain(Record record) {
		return (record instanceof LlmSpan llm) ? llm.toSpan() : record;
	}

	private static final class ThrowingText implements CharSequence {

		@Override
		public int length() {
			return 1;
		}

		@Override
		public char charAt(int index) {
			throw new IllegalStateException("charAt");
		}

		@Override
		public CharSequence subSequence(int start, int end) {
			throw new IllegalStateException("subSequence");
		}

		@Override
		public String toString() {
			throw new IllegalStateException("toString");
		}

	}

	private static final class ThrowingList extends AbstractList<Object> {

		@Override
		public Object get(int index) {
			throw new IllegalStateException("get");
		}

		@Override
		public int size() {
			return 2;
		}

	}

	private static final class ThrowingMap extends AbstractMap<String, Object> {

		@Override
		public Set<Entry<String, Object>> entrySet() {
			throw new IllegalStateException("entrySet");
		}

	}

	private static final class ThrowingNumber extends Number {

		private static final long serialVersionUID = 1L;

		@Override
		public int intValue() {
			throw new IllegalStateException("intValue");
		}

		@Override
		public long longValue() {
			throw new IllegalStateException("longValue");
		}

		@Override
		public float floatValue() {
			throw new IllegalStateException("floatValue");
		}

		@Override
		public double doubleValue() {
			throw new IllegalStateException("doubleValue");
		}

	}

}
