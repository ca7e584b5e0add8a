package io.observatory.storage.view;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;

import com.zaxxer.hikari.HikariDataSource;
import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.error.InvalidRecordException;
import io.observatory.storage.model.Ids;
import io.observatory.storage.model.LogRecord;
import io.observatory.storage.model.Score;
import io.observatory.storage.model.TraceSpan;
import io.observatory.storage.session.WriteMethod;
import io.observatory.storage.testing.Database;
import io.observatory.storage.testing.Records;
import io.observatory.storage.writer.LogWriter;
import io.observatory.storage.writer.ScoredBatch;
import io.observatory.storage.writer.TraceWriter;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import net.jqwik.api.lifecycle.BeforeTry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Scores that come in any order, some twice, with spans, with log records or alone: of
 * each the latest is kept, and the view shows it beside the calls that it is about, as a
 * plain computation does.
 */
class ScoresIT {

	private static final int TRACES = 3;

	/** One of them is no call. */
	private static final int SPANS_EACH = 3;

	private static HikariDataSource pool;

	private final Database database = Database.get();

	@BeforeContainer
	static void open() {
		pool = new HikariDataSource();
		pool.setDataSource(Database.get().dataSource());
		pool.setMaximumPoolSize(6);
	}

	@AfterContainer
	static void close() {
		pool.close();
	}

	@BeforeTry
	void clear() {
		this.database.jdbc()
			.execute("DELETE FROM observatory.scores; DELETE FROM observatory.trace_spans; "
					+ "DELETE FROM observatory.traces; DELETE FROM observatory.logs");
	}

	@Property(tries = 20, seed = "20261129", edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
	void theLatestIsKeptAndShownBesideWhatItIsAbout(@ForAll("scores") List<Score> scores, @ForAll Random order,
			@ForAll WriteMethod method) {
		deliver(scores, order, method);

		Collection<Score> latest = latest(scores);
		assertThat(stored("SELECT * FROM observatory.scores", ScoresIT::score))
			.containsExactlyInAnyOrderElementsOf(latest);
		assertThat(stored("SELECT * FROM observatory.llm_call_scores", OfCall::read))
			.containsExactlyInAnyOrderElementsOf(ofCalls(latest));
	}

	/** Few of each, so that versions meet. No two versions have the same time. */
	@Provide
	Arbitrary<List<Score>> scores() {
		Arbitrary<Integer> number = Arbitraries.integers().between(0, TRACES * SPANS_EACH - 1);
		Arbitrary<Score> one = Combinators
			.combine(number, Arbitraries.integers().between(0, 4), Arbitraries.of("helpful", "correct"),
					Arbitraries.of(Score.Source.class), Arbitraries.doubles().between(0, 5),
					Arbitraries.of("pass", "fail", "true").injectNull(0.5))
			.as((span, about, name, source, value, label) -> about(Score.builder(), span, about).name(name)
				.source(source)
				.value(value)
				.label(label)
				.comment((label != null) ? "because of " + label : null)
				.timestamp(Records.START)
				.serviceName("checkout")
				.build());
		return one.list()
			.ofMinSize(20)
			.ofMaxSize(120)
			.map((scores) -> IntStream.range(0, scores.size())
				.mapToObj((i) -> scores.get(i)
					.toBuilder()
					.timestamp(Records.START.plusSeconds(i).truncatedTo(ChronoUnit.MICROS))
					.build())
				.toList());
	}

	private static Score.Builder about(Score.Builder score, int span, int about) {
		return switch (about) {
			case 0 -> score.conversationId("conversation " + span % 2);
			case 1 -> score.responseId("response " + span);
			case 2 -> score.traceId(Records.traceId(span % TRACES));
			default -> score.traceId(Records.traceId(span % TRACES)).spanId(Records.spanId(span));
		};
	}

	private static List<TraceSpan> spans() {
		return IntStream.range(0, TRACES * SPANS_EACH)
			.mapToObj((i) -> Records.span(i % TRACES, i)
				.toBuilder()
				.attributes(isCall(i) ? Map.of("gen_ai.operation.name", "chat", "gen_ai.response.id", "response " + i)
						: Map.of("gen_ai.operation.name", "execute_tool"))
				.build())
			.toList();
	}

	private static boolean isCall(int span) {
		return span >= TRACES;
	}

	private static void deliver(List<Score> scores, Random order, WriteMethod method) {
		List<Score> delivered = new ArrayList<>(scores);
		scores.stream().filter((score) -> order.nextInt(3) == 0).forEach(delivered::add);
		Collections.shuffle(delivered, order);
		TraceWriter traces = new TraceWriter(pool, config(WriterConfig.traces(), method));
		LogWriter logs = new LogWriter(pool, config(WriterConfig.logs(), method));
		try (traces; logs; ScoredBatch<LogRecord> batch = logs.newBatch()) {
			traces.writeSpans(spans());
			for (Score score : delivered) {
				switch (order.nextInt(4)) {
					case 0 -> traces.writeScore(score);
					case 1 -> assertThat(traces.offer(List.of(), List.of(score))).isTrue();
					case 2 -> assertThat(logs.offer(List.of(Records.log(1)), List.of(score))).isTrue();
					default -> batch.add(score);
				}
				if (order.nextInt(20) == 0) {
					batch.write();
					logs.flush();
					traces.flush();
				}
			}
			batch.write();
		}
		assertThat(traces.writeStats().stored() + logs.writeStats().stored())
			.isEqualTo(traces.writeStats().accepted() + logs.writeStats().accepted())
			.isGreaterThanOrEqualTo(delivered.size());
	}

	private static WriterConfig config(WriterConfig.Builder config, WriteMethod method) {
		return config.writeMethod(method).synchronousCommit(false).build();
	}

	private static Collection<Score> latest(List<Score> scores) {
		Map<List<Object>, Score> latest = new HashMap<>();
		scores.forEach((score) -> latest.put(Collections.unmodifiableList(java.util.Arrays.asList(score.traceId(),
				score.spanId(), score.conversationId(), score.responseId(), score.name(), score.source())), score));
		return latest.values();
	}

	private static List<OfCall> ofTraces(Collection<Score> scores) {
		List<OfCall> all = new ArrayList<>();
		for (Score score : scores) {
			if (score.traceId() != null) {
				all.add(OfCall.of(score.traceId(), score.spanId(), score));
			}
			spans().stream()
				.filter((span) -> score.responseId() != null
						&& score.responseId().equals(span.attributes().get("gen_ai.response.id")))
				.forEach((span) -> all.add(OfCall.of(span.traceId(), span.spanId(), score)));
		}
		return all;
	}

	private static List<OfCall> ofCalls(Collection<Score> scores) {
		List<OfCall> all = new ArrayList<>();
		for (TraceSpan call : spans()) {
			if ("chat".equals(call.attributes().get("gen_ai.operation.name"))) {
				ofTraces(scores).stream()
					.filter((score) -> score.trace().equals(Ids.trace(call.traceId())))
					.filter((score) -> score.span() == null || score.span().equals(call.spanId()))
					.forEach((score) -> all.add(new OfCall(score.trace(), call.spanId(), score.name(), score.value(),
							score.span() == null)));
			}
		}
		return all;
	}

	private <T> List<T> stored(String sql, Row<T> row) {
		return this.database.jdbc().query(sql, (result, number) -> row.of(result));
	}

	private static Score score(ResultSet row) throws SQLException {
		return Score.builder()
			.traceId(row.getString("trace_id"))
			.spanId(row.getString("span_id"))
			.conversationId(row.getString("conversation_id"))
			.responseId(row.getString("response_id"))
			.name(row.getString("name"))
			.source(Score.Source.valueOf(row.getString("source").toUpperCase(java.util.Locale.ROOT)))
			.value(row.getDouble("value"))
			.label(row.getString("label"))
			.comment(row.getString("comment"))
			.timestamp(row.getTimestamp("timestamp").toInstant())
			.serviceName(row.getString("service_name"))
			.build();
	}

	@Example
	void whatIsAboutNothingOrTwoThingsIsRefused() {
		try (TraceWriter writer = new TraceWriter(pool)) {
			assertRefused(writer, score(), "Score.traceId: must be given, or else conversationId or responseId, "
					+ "and only one of the three");
			assertRefused(writer, score().traceId("t").conversationId("c"), "Score.traceId: must be given");
			assertRefused(writer, score().conversationId("c").spanId("s"), "Score.spanId: must come with a traceId");
			assertRefused(writer, score().traceId("t").value((Number) null).label(null),
					"Score.value: must be given, or else a label");
			assertRefused(writer, score().traceId("t").value(Double.NaN), "Score.value: must be a finite number");
			assertRefused(writer, score().conversationId(""), "Score.conversationId: must not be empty");
			assertThat(writer.writeStats().refused()).isEqualTo(6);
			assertThat(writer.writeStats().accepted()).isZero();
		}
	}

	private static Score.Builder score() {
		return Score.builder()
			.name("helpful")
			.source(Score.Source.USER)
			.value(true)
			.timestamp(Records.START)
			.serviceName("s");
	}

	private static void assertRefused(TraceWriter writer, Score.Builder score, String message) {
		assertThat(writer.check(score.build()).orElseThrow()).hasMessageStartingWith(message);
		assertThatExceptionOfType(InvalidRecordException.class).isThrownBy(() -> writer.writeScore(score.build()))
			.withMessageStartingWith(message);
	}

	/** What the view shows of a score; no span where it is about the whole trace. */
	private record OfCall(UUID trace, String span, String name, Double value, boolean ofWholeTrace) {

		static OfCall of(String traceId, String spanId, Score score) {
			return new OfCall(Ids.trace(traceId), spanId, score.name(), Objects.requireNonNull(score.value()),
					spanId == null);
		}

		static OfCall read(ResultSet row) throws SQLException {
			return new OfCall(row.getObject("trace_key", UUID.class), row.getString("span_id"),
					row.getString("score_name"), row.getDouble("value"), row.getBoolean("of_whole_trace"));
		}

	}

	private interface Row<T> {

		T of(ResultSet row) throws SQLException;

	}

}
