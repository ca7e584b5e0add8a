package io.observatory.storage.table;

import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a distributed PostgreSQL does not take in the writers' statements (Citus, "SQL
 * Support and Workarounds"): functions of the moment in DO UPDATE, queries for each row
 * of another, recursion.
 */
class DistributedStatementsTest {

	private static final Schema SCHEMA = new Schema("observatory");

	private static final TracesTable TRACES = new TracesTable();

	private static final SpansTable SPANS = new SpansTable();

	private static final MetricsTable METRICS = new MetricsTable(Clock.systemUTC());

	private static final ScoresTable SCORES = new ScoresTable();

	static Stream<String> statements() {
		Stream<String> spans = Arrays.stream(Layout.values())
			.flatMap((layout) -> Stream.of(SPANS.correct(SCHEMA, SPANS.staged(), layout),
					SPANS.foreign(SCHEMA, SPANS.staged(), layout)));
		return Stream.concat(spans, Stream.of(SPANS.insertNew(SCHEMA, SPANS.staged()),
				TRACES.merge(SCHEMA, TRACES.staged(), TraceSummary.source(), true), TRACES.recount(SCHEMA, SPANS),
				METRICS.merge(SCHEMA, METRICS.staged()), SCORES.merge(SCHEMA, SCORES.unnested())));
	}

	@ParameterizedTest
	@MethodSource("statements")
	void noStatementAsksForEachRowOrRecurs(String statement) {
		assertThat(statement).doesNotContainIgnoringCase("LATERAL").doesNotContainIgnoringCase("RECURSIVE");
	}

	@Test
	void mergesSetWhatTheRowsSay() {
		List<String> updates = statements().filter((statement) -> statement.contains("DO UPDATE SET"))
			.map((statement) -> statement.substring(statement.indexOf("DO UPDATE SET")))
			.toList();
		assertThat(updates).hasSize(3)
			.allSatisfy((update) -> assertThat(update).doesNotContain("now()", "random()", "_timestamp()"));
	}

}
