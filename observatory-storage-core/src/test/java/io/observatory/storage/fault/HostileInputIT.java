package io.observatory.storage.fault;

import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.zaxxer.hikari.HikariDataSource;
import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.error.InvalidRecordException;
import io.observatory.storage.fault.HostileInput.Case;
import io.observatory.storage.fault.StorageRules.Refused;
import io.observatory.storage.fault.StorageRules.Row;
import io.observatory.storage.llm.LlmSpan;
import io.observatory.storage.model.LogRecord;
import io.observatory.storage.model.Metric;
import io.observatory.storage.model.MetricDataPoint;
import io.observatory.storage.model.Score;
import io.observatory.storage.model.Trace;
import io.observatory.storage.model.TraceEvent;
import io.observatory.storage.model.TraceSpan;
import io.observatory.storage.session.WriteMethod;
import io.observatory.storage.testing.Arbitraries;
import io.observatory.storage.testing.Database;
import io.observatory.storage.testing.StoredRows;
import io.observatory.storage.writer.LogWriter;
import io.observatory.storage.writer.MetricWriter;
import io.observatory.storage.writer.TraceWriter;
import io.observatory.storage.writer.Writer;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.RandomGenerator;
import net.jqwik.api.sessions.JqwikSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Input of every kind that may do harm, each record beside harmless ones: it is refused
 * at the door, or its row is what {@link StorageRules} say, column by column; and its
 * neighbours are stored.
 */
@Tag("faults")
class HostileInputIT {

	/** Records in a batch, neighbours not counted. */
	private static final int BATCH = 200;

	private static final int GENERATED_BATCH = 500;

	private static final int GENERATED = Length.of(100_000, 1_000);

	private static final List<String> TABLES = List.of("traces", "trace_spans", "trace_events", "metrics",
			"metric_data_points", "logs", "scores");

	private final Database database = Database.get();

	private final HikariDataSource pool = new HikariDataSource();

	private final BufferCounters tally = new BufferCounters();

	private final List<String> mistakes = new ArrayList<>();

	/** Neighbours have numbers of their own. */
	private long neighbour = 1L << 40;

	@BeforeEach
	void open() {
		this.pool.setDataSource(this.database.dataSource());
		this.pool.setMaximumPoolSize(6);
		this.database.clear();
	}

	@AfterEach
	void close() {
		this.pool.close();
		this.database.clear();
	}

	@ParameterizedTest
	@EnumSource(names = { "COPY", "INSERT" })
	void fixedCasesAreRefusedOrStoredByTheRules(WriteMethod method) {
		long begun = System.nanoTime();
		int count = 0;
		for (int kind = 0; kind < HostileInput.KINDS; kind++) {
			List<Case> all = HostileInput.cases(kind);
			List<Case> cases = IntStream.range(0, all.size())
				.filter((i) -> i % Length.of(1, 12) == 0)
				.mapToObj(all::get)
				.toList();
			for (int from = 0; from < cases.size(); from += BATCH) {
				check(method, cases.subList(from, Math.min(from + BATCH, cases.size())));
			}
			count += cases.size();
		}
		report("12-hostile-input-fixed-" + method.name().toLowerCase(Locale.ROOT), count, begun);
		assertThat(count).isGreaterThanOrEqualTo(300);
	}

	@Test
	void generatedRecordsAreRefusedOrStoredByTheRules() {
		long begun = System.nanoTime();
		JqwikSession.run(() -> {
			Generator generator = new Generator(20260330);
			for (int from = 0; from < GENERATED; from += GENERATED_BATCH) {
				List<Case> cases = generator.cases(GENERATED_BATCH);
				check(WriteMethod.COPY, cases);
				check(WriteMethod.INSERT, cases);
			}
		});
		report("12-hostile-input-generated", 2L * GENERATED, begun);
	}

	/** The comparison has to notice a value that is only a little wrong. */
	@Test
	void sabotageAReplacementThatTheRulesDoNotKnowIsSeen() {
		Row row = StorageRules.of(HostileInput.harmless(0, 1));
		Map<String, Object> stored = new HashMap<>(row.columns());
		assertThat(differences(row, stored)).isEmpty();
		stored.put("body", row.columns().get("body") + " ");
		assertThat(differences(row, stored)).hasSize(1);
	}

	private void report(String scenario, long written, long begun) {
		Verdict verdict = new Verdict(this.tally.accepted, this.tally.stored, 0, 0, this.tally.lost, this.tally.wrong,
				this.tally.unexpected);
		Map<String, Object> figures = new LinkedHashMap<>();
		figures.put("hostile", written);
		figures.put("refusedAtTheDoor", this.tally.refused);
		figures.put("replacedOrCut", this.tally.altered);
		FaultReport.scenario(scenario, verdict, Duration.ofNanos(System.nanoTime() - begun), figures);
		assertThat(this.mistakes.stream().limit(30)).as("%d mistakes", this.mistakes.size()).isEmpty();
		assertThat(this.tally.refused).as("refused").isPositive();
		assertThat(this.tally.altered).as("replaced or cut").isPositive();
		verdict.assertAllStored();
	}

	// One batch

	private void check(WriteMethod method, List<Case> cases) {
		Map<String, Map<UUID, Row>> expected = new HashMap<>();
		TABLES.forEach((table) -> expected.put(table, new HashMap<>()));
		Map<UUID, String> names = new HashMap<>();
		WriterConfig config = WriterConfig.logs()
			.writeMethod(method)
			.maxBufferBytes(512L << 20)
			.synchronousCommit(false)
			.build();
		LogWriter logs = new LogWriter(this.pool, config);
		MetricWriter metrics = new MetricWriter(this.pool, config);
		TraceWriter traces = new TraceWriter(this.pool, config);
		Door door = (record) -> write(record, logs, metrics, traces);
		try (logs; metrics; traces) {
			for (Case hostile : cases) {
				enter(door, hostile, expected, names);
				enter(door, neighbourOf(hostile), expected, names);
			}
		}
		Stored.assertAddsUp(logs.writeStats());
		this.tally.deadLettered(this.database.count("dead_letters"), this.mistakes);
		this.tally.altered += Stream.<Writer>of(logs, metrics, traces)
			.mapToLong((writer) -> writer.writeStats().replaced() + writer.writeStats().truncated())
			.sum();
		TABLES.forEach((table) -> compare(table, expected.get(table), names));
		empty();
	}

	/** Much quicker than to truncate all partitions. */
	private void empty() {
		this.database.jdbc()
			.execute("DELETE FROM observatory.trace_spans; DELETE FROM observatory.traces; "
					+ "DELETE FROM observatory.trace_events; DELETE FROM observatory.metrics; "
					+ "DELETE FROM observatory.metric_data_points; DELETE FROM observatory.logs; "
					+ "DELETE FROM observatory.scores");
	}

	private Case neighbourOf(Case hostile) {
		long number = this.neighbour++;
		for (int kind = 0; kind < HostileInput.KINDS; kind++) {
			if (HostileInput.harmless(kind, number).getClass() == hostile.record().getClass()) {
				return new Case("neighbour of " + hostile.name(), HostileInput.harmless(kind, number));
			}
		}
		throw new IllegalStateException(hostile.name());
	}

	private void enter(Door door, Case hostile, Map<String, Map<UUID, Row>> expected, Map<UUID, String> names) {
		Row row = expected(hostile);
		boolean accepted = accepts(door, hostile);
		if (accepted != (row != null)) {
			this.mistakes.add(hostile + (accepted ? " was accepted" : " was refused"));
		}
		if (!accepted) {
			this.tally.refused++;
			return;
		}
		this.tally.accepted++;
		if (row != null) {
			names.put(row.id(), hostile.name());
			if (expected.get(row.table()).put(row.id(), row) != null) {
				this.mistakes.add(hostile + " has the key of another case");
			}
			if (row.table().equals("trace_spans")) {
				expectTrace(row, expected.get("traces"), names, hostile);
			}
		}
	}

	/**
	 * Returns the row that the record must become, or null when it must be refused. A map
	 * whose names are none, whatever its type says, does not become a span at all.
	 */
	private static Row expected(Case hostile) {
		try {
			return StorageRules.of(HostileInput.plain(hostile.record()));
		}
		catch (Refused | ClassCastException ex) {
			return null;
		}
	}

	/** A span that comes without its trace makes it. */
	private static void expectTrace(Row span, Map<UUID, Row> traces, Map<UUID, String> names, Case hostile) {
		UUID id = (UUID) span.columns().get("trace_id");
		Map<String, Object> trace = new LinkedHashMap<>();
		trace.put("id", id);
		trace.put("service_name", span.columns().get("service_name"));
		trace.put("span_count", 1);
		trace.put("start_time", span.columns().get("start_time"));
		trace.put("end_time", span.columns().get("end_time"));
		trace.put("status", span.columns().get("status"));
		traces.put(id, new Row("traces", id, trace));
		names.put(id, "trace of " + hostile.name());
	}

	private boolean accepts(Door door, Case hostile) {
		try {
			door.write(hostile.record());
			return true;
		}
		catch (InvalidRecordException ex) {
			return false;
		}
		catch (ClassCastException ex) {
			assertThat(hostile.record()).isInstanceOf(LlmSpan.class);
			return false;
		}
	}

	private static void write(Record record, LogWriter logs, MetricWriter metrics, TraceWriter traces) {
		if (record instanceof LogRecord log) {
			logs.writeLog(log);
		}
		else if (record instanceof Metric metric) {
			metrics.writeMetric(metric);
		}
		else if (record instanceof MetricDataPoint point) {
			metrics.writeDataPoint(point);
		}
		else if (record instanceof Trace trace) {
			traces.writeTrace(trace);
		}
		else if (record instanceof TraceSpan span) {
			traces.writeSpan(span);
		}
		else if (record instanceof Score score) {
			traces.writeScore(score);
		}
		else if (record instanceof LlmSpan span) {
			traces.writeLlmSpan(span);
		}
		else {
			traces.writeEvent((TraceEvent) record);
		}
	}

	private void compare(String table, Map<UUID, Row> expected, Map<UUID, String> names) {
		Set<UUID> seen = new HashSet<>();
		for (Map<String, Object> stored : StoredRows.of(this.database, table, "true")) {
			UUID id = (UUID) stored.get("id");
			Row row = expected.get(id);
			if (row == null || !seen.add(id)) {
				this.tally.unexpected++;
				this.mistakes.add("unexpected in " + table + ": " + names.get(id));
				continue;
			}
			List<String> differences = differences(row, stored);
			this.tally.wrong += differences.size();
			this.tally.stored += isImplied(row) ? 0 : 1;
			differences.forEach((difference) -> this.mistakes.add(names.get(id) + ": " + difference));
		}
		for (UUID id : expected.keySet()) {
			if (!seen.contains(id)) {
				this.tally.lost++;
				this.mistakes.add("lost from " + table + ": " + names.get(id));
			}
		}
	}

	/** Nobody wrote this trace: it comes from a span. */
	private static boolean isImplied(Row row) {
		return row.table().equals("traces") && !row.columns().containsKey("trace_id");
	}

	private static List<String> differences(Row row, Map<String, Object> stored) {
		List<String> differences = new ArrayList<>();
		row.columns().forEach((column, value) -> {
			Object is = stored.get(column);
			boolean right = StorageRules.CUT.equals(value) ? isCut(is) : Objects.equals(value, is);
			if (!right) {
				differences.add(column + " is " + abridged(is) + ", must be " + abridged(value));
			}
		});
		return differences;
	}

	/** Not how it is cut, but that it says so. */
	private static boolean isCut(Object json) {
		return json instanceof String text && text.contains("cut") && text.length() <= 2 << 20;
	}

	private static String abridged(Object value) {
		String text = String.valueOf(value);
		return (text.length() <= 120) ? text : text.substring(0, 120) + "… (" + text.length() + ")";
	}

	/**
	 * Takes harmless records of all kinds, and changes some components of each to what
	 * jqwik makes up or what {@link HostileInput} knows.
	 */
	private static final class Generator {

		private final Random random;

		private final RandomGenerator<String> texts = generator(Arbitraries.texts());

		private final RandomGenerator<Map<String, Object>> maps = generator(Arbitraries.attributes());

		private final RandomGenerator<Instant> times = generator(Arbitraries.times());

		private final Map<String, List<Object>> values = new HashMap<>();

		private long number = 1;

		Generator(long seed) {
			this.random = new Random(seed);
		}

		private static <T> RandomGenerator<T> generator(Arbitrary<T> arbitrary) {
			return arbitrary.generator(1000);
		}

		List<Case> cases(int count) {
			List<Case> cases = new ArrayList<>();
			while (cases.size() < count) {
				cases.add(next());
			}
			return cases;
		}

		private Case next() {
			long own = this.number++;
			Record record = HostileInput.harmless((int) (own % HostileInput.KINDS), own);
			StringBuilder name = new StringBuilder(record.getClass().getSimpleName() + " " + own);
			RecordComponent[] components = record.getClass().getRecordComponents();
			for (int i = 0; i <= this.random.nextInt(3); i++) {
				RecordComponent component = components[this.random.nextInt(components.length)];
				List<Object> values = this.values.computeIfAbsent(component.toString() + record.getClass(),
						(key) -> new ArrayList<>(HostileInput.values(component, 0).values()));
				if (values.isEmpty()) {
					continue;
				}
				Object value = value(component, values, own);
				name.append(", ").append(component.getName()).append(" ").append(abridged(value));
				record = HostileInput.with(record, component, value).orElse(record);
			}
			return new Case(name.toString(), record);
		}

		private Object value(RecordComponent component, List<Object> values, long own) {
			if (component.getType() == String.class) {
				// one that is empty stays so
				String text = this.texts.next(this.random).value();
				return text.isEmpty() ? text : text + "-" + own;
			}
			if (component.getType() == Map.class) {
				return this.maps.next(this.random).value();
			}
			if (component.getType() == Instant.class && this.random.nextInt(4) > 0) {
				return this.times.next(this.random).value();
			}
			return values.get(this.random.nextInt(values.size()));
		}

	}

	/** Where records are written. */
	private interface Door {

		void write(Record record);

	}

	/** How many records came to what. */
	private static final class BufferCounters {

		private long accepted;

		private long stored;

		private long refused;

		private long altered;

		private long lost;

		private long wrong;

		private long unexpected;

		/** Nothing that the door lets in is refused by the server. */
		void deadLettered(long letters, List<String> mistakes) {
			if (letters > 0) {
				mistakes.add(letters + " dead letters");
			}
		}

	}

}
