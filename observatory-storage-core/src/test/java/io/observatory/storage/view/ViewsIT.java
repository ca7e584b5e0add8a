package io.observatory.storage.view;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;

import com.zaxxer.hikari.HikariDataSource;
import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.llm.LlmInput;
import io.observatory.storage.llm.LlmLatency;
import io.observatory.storage.llm.LlmMetadata;
import io.observatory.storage.llm.LlmOutput;
import io.observatory.storage.llm.LlmSpan;
import io.observatory.storage.llm.name.AttributeNames;
import io.observatory.storage.llm.price.LlmCost;
import io.observatory.storage.llm.price.TokenUsage;
import io.observatory.storage.model.LogRecord;
import io.observatory.storage.model.Status;
import io.observatory.storage.model.TraceSpan;
import io.observatory.storage.session.WriteMethod;
import io.observatory.storage.table.Layout;
import io.observatory.storage.testing.Database;
import io.observatory.storage.testing.Engine;
import io.observatory.storage.testing.Records;
import io.observatory.storage.writer.LogWriter;
import io.observatory.storage.writer.TraceWriter;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import net.jqwik.api.lifecycle.BeforeTry;
import org.junit.jupiter.api.Assumptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/**
 * The views give the same numbers as a plain computation over the records that were
 * written, whatever their attributes hold, however often they come and in which order.
 */
class ViewsIT {

	/** So many batches would spend most of their time on connecting. */
	private static HikariDataSource pool;

	private final Database database = Database.get();

	@BeforeContainer
	static void open() {
		pool = new HikariDataSource();
		pool.setDataSource(Database.get().dataSource());
		pool.setMaximumPoolSize(4);
	}

	@AfterContainer
	static void close() {
		pool.close();
	}

	@BeforeTry
	void clear() {
		this.database.jdbc()
			.execute("DELETE FROM observatory.trace_spans; DELETE FROM observatory.traces; "
					+ "DELETE FROM observatory.logs");
	}

	@Property(tries = 25, seed = "20261127", edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
	void theViewsAgreeWithAPlainComputation(@ForAll("spanVersions") List<TraceSpan> versions, @ForAll Random order,
			@ForAll WriteMethod method) {
		deliver(versions, order, method);
		Collection<TraceSpan> spans = lastVersions(versions);
		List<ModelCall> calls = spans.stream().filter(ModelCall::is).map(ModelCall::of).toList();
		assertThat(stored("SELECT * FROM observatory.llm_calls", ModelCall::of))
			.containsExactlyInAnyOrderElementsOf(calls);
		assertThat(stored("SELECT * FROM observatory.llm_usage_by_day", Sums::ofDay))
			.containsExactlyInAnyOrderElementsOf(
					grouped(calls, (call) -> List.of(day(call), call.provider() + "/" + call.model())));
		assertThat(stored("SELECT * FROM observatory.llm_conversations", Sums::ofConversation))
			.containsExactlyInAnyOrderElementsOf(
					grouped(calls.stream().filter((call) -> call.conversation() != null).toList(),
							(call) -> List.of(call.conversation())));
		assertThat(stored("SELECT * FROM observatory.span_latency_by_hour", Latency::of))
			.containsExactlyInAnyOrderElementsOf(Latency.of(spans));
	}

	@Provide
	Arbitrary<List<TraceSpan>> spanVersions() {
		return SpanVersions.all();
	}

	/** In any order, some of them twice, in several batches. */
	private static void deliver(List<TraceSpan> versions, Random order, WriteMethod method) {
		List<TraceSpan> delivered = new ArrayList<>(versions);
		versions.stream().filter((span) -> order.nextInt(3) == 0).forEach(delivered::add);
		Collections.shuffle(delivered, order);
		TraceWriter writer = new TraceWriter(pool,
				WriterConfig.traces().writeMethod(method).synchronousCommit(false).build());
		try (writer) {
			for (TraceSpan span : delivered) {
				writer.writeSpan(span);
				if (order.nextInt(40) == 0) {
					writer.flush();
				}
			}
		}
		assertThat(writer.writeStats().stored()).isEqualTo(delivered.size());
	}

	/** A span's versions are told apart by their ends: later is later in the list. */
	private static Collection<TraceSpan> lastVersions(List<TraceSpan> versions) {
		Map<String, TraceSpan> last = new HashMap<>();
		// where spans are kept by their start, one that starts at another time is another
		versions.forEach((span) -> last
			.put((Database.LAYOUT == Layout.SOURCE) ? span.spanId() : span.spanId() + " " + span.startTime(), span));
		return last.values();
	}

	private <T> List<T> stored(String sql, Row<T> row) {
		return this.database.jdbc().query(sql, (result, number) -> row.of(result));
	}

	private static LocalDate day(ModelCall call) {
		return call.start().atZone(ZoneOffset.UTC).toLocalDate();
	}

	private static List<Sums> grouped(List<ModelCall> calls, Function<ModelCall, List<Object>> key) {
		Map<List<Object>, List<ModelCall>> groups = calls.stream().collect(Collectors.groupingBy(key));
		return groups.entrySet().stream().map((group) -> Sums.of(group.getKey(), group.getValue())).toList();
	}

	/** By each choice of names the view says what the fields said. */
	@Example
	void aCallIsTheSameWhicheverNamesItsAttributesHave() {
		try (TraceWriter writer = new TraceWriter(pool, WriterConfig.traces().build())) {
			for (AttributeNames names : AttributeNames.values()) {
				writer.writeSpan(call(names.name()).toSpan(names));
			}
			writer.writeLlmSpan(call("written"));
		}
		assertThat(stored("SELECT * FROM observatory.llm_calls", ModelCall::of)).hasSize(4).allSatisfy((call) -> {
			String provider = call.spanId().equals("SOURCE") ? "mistral" : "mistral_ai";
			assertThat(call).isEqualTo(new ModelCall(Records.traceId(1), call.spanId(),
					Records.START.truncatedTo(ChronoUnit.MICROS), 900_000L, "chat", provider, "m-1", "m-1-2026",
					"m-1-2026", 100L, 20L, 125L, 64L, 32L, 10L, new BigDecimal("0.00015"), "caller", 120_000L,
					List.of("stop"), "session-1", "user-1", true, "timeout"));
		});
	}

	private static LlmSpan call(String id) {
		return LlmSpan.builder()
			.traceId(Records.traceId(1))
			.spanId(id)
			.name("chat m-1")
			.provider("mistral")
			.model("m-1")
			.responseModel("m-1-2026")
			.input(new LlmInput.Text("question"))
			.output(LlmOutput.of("answer", "stop"))
			.usage(new TokenUsage(100L, 20L, 125L, 64L, 32L, null, 10L, null, null))
			.cost(LlmCost.usd(0.00015))
			.latency(LlmLatency.of(Records.START, Duration.ofMillis(900), Duration.ofMillis(120), null))
			.metadata(LlmMetadata.builder().sessionId("session-1").userId("user-1").build())
			.errorType("timeout")
			.build();
	}

	/** What the source system sent of a call, by OTLP. */
	@Example
	void aCallWithNothingButTheSourcesNamesIsOne() {
		try (TraceWriter writer = new TraceWriter(pool, WriterConfig.traces().build())) {
			writer.writeSpan(TraceSpan.builder()
				.traceId("order 1")
				.spanId("1")
				.name("llm")
				.serviceName("shop")
				.startTime(Records.START)
				.attributes(Map.of("llm.provider", "openai", "llm.model", "gpt-4o", "llm.usage.prompt_tokens", 7,
						"llm.usage.completion_tokens", 3, "llm.latency.ttft_ms", 12, "llm.output",
						Map.of("content", "answer", "finish_reason", "length")))
				.build());
		}
		assertThat(stored("SELECT * FROM observatory.llm_calls", ModelCall::of)).singleElement()
			.extracting(ModelCall::traceId, ModelCall::operation, ModelCall::provider, ModelCall::model,
					ModelCall::total, ModelCall::firstChunkUs, ModelCall::finishReasons)
			.isEqualTo(List.of("order 1", "chat", "openai", "gpt-4o", 10L, 12_000L, List.of("length")));
	}

	/** What a digit is depends on the database's collation, but not for the cast. */
	@Example
	void digitsOfOtherScriptsAreNoNumbersInAnyCollation() {
		assertThat(this.database.rows("""
				SELECT coalesce(observatory.integer_or_null(n.text COLLATE "und-x-icu"),
				                observatory.number_or_null(n.text COLLATE "und-x-icu")) AS number
				FROM (VALUES ('١٢'), ('१२'), (U&'\\00A012'), ('12')) AS n (text)""")).extracting("number")
			.containsExactly(null, null, null, new BigDecimal("12"));
	}

	@Example
	void theLogsOfATraceHaveTheNamesOfTheirSpans() {
		Assumptions.assumeTrue(this.database.engine() != Engine.CITUS, "logs and spans are on different workers");
		Instant now = Instant.now();
		try (TraceWriter traces = new TraceWriter(pool, WriterConfig.traces().build());
				LogWriter logs = new LogWriter(pool, WriterConfig.logs().build())) {
			traces.writeSpan(Records.span(1, 1));
			traces.writeSpan(TraceSpan.builder()
				.traceId("order 1")
				.spanId("s")
				.name("pay")
				.serviceName("shop")
				.startTime(now)
				.build());
			logs.writeLog(log(now, "of a span", Records.traceId(1), Records.spanId(1)));
			logs.writeLog(log(now, "of a trace", Records.traceId(1), null));
			logs.writeLog(log(now, "another's span", Records.traceId(2), Records.spanId(1)));
			logs.writeLog(log(now, "of text", "order 1", "s"));
			logs.writeLog(log(now, "of none", null, null));
		}
		assertThat(this.database.rows("SELECT * FROM observatory.trace_logs"))
			.extracting("trace_id", "body", "span_name")
			.containsExactlyInAnyOrder(tuple(Records.traceId(1), "of a span", "chat 1"),
					tuple(Records.traceId(1), "of a trace", null), tuple(Records.traceId(2), "another's span", null),
					tuple("order 1", "of text", "pay"));
	}

	private static LogRecord log(Instant time, String body, String traceId, String spanId) {
		return LogRecord.builder()
			.timestamp(time)
			.body(body)
			.serviceName("shop")
			.traceId(traceId)
			.spanId(spanId)
			.build();
	}

	/** A day, or a span of time, is looked up; it is not what is left of a scan. */
	@Example
	void aConditionOnTheTimeUsesTheIndex() {
		Assumptions.assumeTrue(this.database.engine() == Engine.POSTGRESQL,
				"each worker and each chunk has a plan of its own");
		try (TraceWriter writer = new TraceWriter(pool, WriterConfig.traces().build())) {
			for (int i = 0; i < 3000; i++) {
				writer.writeSpan(TraceSpan.builder()
					.traceId(Records.traceId(i))
					.spanId(Records.spanId(i))
					.name("chat")
					.serviceName("shop")
					.startTime(Records.START.plus(Duration.ofMinutes(i)))
					.attributes(Map.of("gen_ai.operation.name", "chat"))
					.build());
			}
		}
		this.database.jdbc().execute("ANALYZE observatory.trace_spans");
		boolean byDay = Database.LAYOUT == Layout.PARTITIONED;
		String spans = byDay ? "trace_spans_before" : "trace_spans";
		String byTime = byDay ? "trace_spans_before_start_time_idx" : "idx_spans_start_time";
		String callsByTime = byDay ? byTime + "1" : "idx_spans_calls";
		Map<String, String> indexes = Map.of("llm_calls WHERE start_time >= '2026-03-31' AND model = 'm'", callsByTime,
				"llm_usage_by_day WHERE day = '2026-03-31'", callsByTime,
				"span_latency_by_hour WHERE hour >= '2026-03-31'", byTime);
		for (String question : indexes.keySet()) {
			assertThat(this.database.jdbc()
				.queryForList("EXPLAIN (COSTS off) SELECT * FROM observatory." + question, String.class)).as(question)
				.anyMatch((line) -> line.matches(".*Index Scan (using|on) " + indexes.get(question) + "\\b.*"))
				.noneMatch((line) -> line.contains("Seq Scan on " + spans + " "));
		}
	}

	/** How a row of a view is read. */
	@FunctionalInterface
	private interface Row<T> {

		T of(ResultSet row) throws SQLException;

	}

	/** What is summed up of calls; of what nobody knows the sum is unknown, too. */
	private record Sums(List<Object> key, long calls, long failed, BigDecimal input, BigDecimal output,
			BigDecimal total, BigDecimal cost, List<Object> more) {

		static Sums of(List<Object> key, List<ModelCall> calls) {
			List<Object> more = new ArrayList<>();
			if (key.size() > 1) {
				more.add(sum(calls, ModelCall::cached));
				more.add(sum(calls, ModelCall::reasoning));
				more.add(calls.stream().filter((call) -> call.cost() == null).count());
			}
			else {
				more.add(calls.stream().map(ModelCall::start).min(Instant::compareTo).orElseThrow());
				more.add(calls.stream().map(ModelCall::start).max(Instant::compareTo).orElseThrow());
				more.add(calls.stream().map(ModelCall::traceId).distinct().count());
				more.add(distinct(calls, ModelCall::model));
				more.add(distinct(calls, ModelCall::user));
			}
			return new Sums(key, calls.size(), calls.stream().filter(ModelCall::failed).count(),
					sum(calls, ModelCall::input), sum(calls, ModelCall::output), sum(calls, ModelCall::total),
					sum(calls, ModelCall::cost), more);
		}

		static Sums ofDay(ResultSet row) throws SQLException {
			List<Object> more = new ArrayList<>();
			more.add(ModelCall.plain(row.getBigDecimal("cached_tokens")));
			more.add(ModelCall.plain(row.getBigDecimal("reasoning_tokens")));
			more.add(row.getLong("calls_without_cost"));
			return of(List.of(row.getObject("day", LocalDate.class),
					row.getString("provider") + "/" + row.getString("model")), row, more);
		}

		static Sums ofConversation(ResultSet row) throws SQLException {
			List<Object> more = new ArrayList<>();
			more.add(row.getTimestamp("first_call_time").toInstant());
			more.add(row.getTimestamp("last_call_time").toInstant());
			more.add(row.getLong("traces"));
			more.add(sorted(ModelCall.list(row.getArray("models"))));
			more.add(sorted(ModelCall.list(row.getArray("users"))));
			return of(List.of(row.getString("conversation_id")), row, more);
		}

		private static Sums of(List<Object> key, ResultSet row, List<Object> more) throws SQLException {
			return new Sums(key, row.getLong("calls"), row.getLong("failed_calls"),
					ModelCall.plain(row.getBigDecimal("input_tokens")),
					ModelCall.plain(row.getBigDecimal("output_tokens")),
					ModelCall.plain(row.getBigDecimal("total_tokens")), ModelCall.plain(row.getBigDecimal("cost_usd")),
					more);
		}

		private static BigDecimal sum(List<ModelCall> calls, Function<ModelCall, Number> of) {
			return calls.stream()
				.map(of)
				.filter(Objects::nonNull)
				.map((number) -> new BigDecimal(number.toString()))
				.reduce(BigDecimal::add)
				.map(ModelCall::plain)
				.orElse(null);
		}

		private static List<String> distinct(List<ModelCall> calls, Function<ModelCall, String> of) {
			List<String> texts = calls.stream().map(of).filter(Objects::nonNull).distinct().sorted().toList();
			return texts.isEmpty() ? null : texts;
		}

		private static List<String> sorted(List<String> texts) {
			return (texts != null) ? texts.stream().sorted().toList() : null;
		}

	}

	/** Nearest rank, of those spans that have ended. */
	private record Latency(Instant hour, String service, String name, long spans, long failed, double errorRate,
			Long p50, Long p95, Long p99, Long max) {

		static Latency of(ResultSet row) throws SQLException {
			return new Latency(row.getTimestamp("hour").toInstant(), row.getString("service_name"),
					row.getString("name"), row.getLong("spans"), row.getLong("failed_spans"),
					row.getDouble("error_rate"), row.getObject("p50_us", Long.class),
					row.getObject("p95_us", Long.class), row.getObject("p99_us", Long.class),
					row.getObject("max_us", Long.class));
		}

		static List<Latency> of(Collection<TraceSpan> spans) {
			Map<List<Object>, List<TraceSpan>> groups = spans.stream()
				.collect(Collectors.groupingBy((span) -> List.of(span.startTime().truncatedTo(ChronoUnit.HOURS),
						span.serviceName(), span.name())));
			return groups.entrySet().stream().map((group) -> of(group.getKey(), group.getValue())).toList();
		}

		private static Latency of(List<Object> key, List<TraceSpan> spans) {
			List<Long> durations = spans.stream()
				.filter((span) -> span.endTime() != null)
				.map((span) -> ChronoUnit.MICROS.between(span.startTime(), span.endTime()))
				.sorted()
				.toList();
			long failed = spans.stream().filter((span) -> span.status() == Status.ERROR).count();
			return new Latency((Instant) key.get(0), (String) key.get(1), (String) key.get(2), spans.size(), failed,
					(double) failed / spans.size(), rank(durations, 0.5), rank(durations, 0.95), rank(durations, 0.99),
					rank(durations, 1));
		}

		private static Long rank(List<Long> sorted, double part) {
			return sorted.isEmpty() ? null : sorted.get((int) Math.ceil(part * sorted.size()) - 1);
		}

	}

}
