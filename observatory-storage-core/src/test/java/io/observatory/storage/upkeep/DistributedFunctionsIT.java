package io.observatory.storage.upkeep;

import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.model.Status;
import io.observatory.storage.model.TraceSpan;
import io.observatory.storage.table.Layout;
import io.observatory.storage.testing.Database;
import io.observatory.storage.testing.Engine;
import io.observatory.storage.testing.Records;
import io.observatory.storage.writer.TraceWriter;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * What the schema does for the tables of Citus, as far as one server can show it: its
 * retention uses statements that Citus takes (Citus 13, "SQL Support and Workarounds"),
 * and the views that {@code distribute()} makes say the same as those they replace.
 */
class DistributedFunctionsIT {

	private static final String SCHEMA = "to_distribute";

	private static final Pattern LOCKING = Pattern.compile("(?i)\\bFOR\\s+(NO KEY )?(UPDATE|SHARE)\\b");

	private static final Database DATABASE = Database.get();

	private static final JdbcTemplate JDBC = DATABASE.jdbc();

	@BeforeAll
	static void migrate() {
		JDBC.execute("DROP SCHEMA IF EXISTS to_distribute CASCADE");
		Database.migrate(DATABASE.dataSource(), SCHEMA, Layout.PARTITIONED);
	}

	/** Rows on several nodes are not locked by one statement. */
	@Test
	void retentionLocksOneDistributedRowAtATime() {
		assertThat(locking(retention())).hasSizeGreaterThanOrEqualTo(4)
			.allSatisfy((sql) -> assertThat(sql).containsPattern("\\.id = (trace|metric|score\\.id)\\b"));
	}

	@Test
	void retentionNeitherRecursNorAsksForEachRow() {
		assertThat(retention()).isNotEmpty()
			.allSatisfy((sql) -> assertThat(sql).doesNotContainIgnoringCase("LATERAL")
				.doesNotContainIgnoringCase("RECURSIVE"));
	}

	/** Lanes and dead letters stay on one server. */
	private static Stream<String> retention() {
		return JDBC
			.queryForList(
					"SELECT prosrc FROM pg_proc WHERE pronamespace = 'to_distribute'::regnamespace "
							+ "AND proname ~ '^(delete|drop|recount|living)_(traces|spans|metrics|scores|partitions)'",
					String.class)
			.stream()
			.flatMap((body) -> Stream.of(body.split(";")));
	}

	private static List<String> locking(Stream<String> statements) {
		return statements.filter((sql) -> LOCKING.matcher(sql).find()).toList();
	}

	@ParameterizedTest
	@ValueSource(strings = { "llm_usage_by_day", "span_latency_by_hour" })
	void viewOfDistributedTablesSaysTheSame(String view) {
		write();
		List<Map<String, Object>> before = DATABASE.rows("SELECT * FROM to_distribute." + view);
		assertThat(before).hasSizeGreaterThan(5);
		assertThat(JDBC.queryForList(distributed().get(view))).containsExactlyInAnyOrderElementsOf(before);
	}

	@Test
	void viewsOfDistributedTablesNeitherRecurNorAskForEachRow() {
		assertThat(distributed()).containsOnlyKeys("llm_usage_by_day", "span_latency_by_hour", "trace_logs")
			.allSatisfy((view, sql) -> assertThat(sql).doesNotContain("LATERAL", "RECURSIVE", "EXISTS"));
	}

	/** The queries that become views, by name. */
	private static Map<String, String> distributed() {
		String body = JDBC.queryForObject("SELECT prosrc FROM pg_proc WHERE proname = 'distribute' "
				+ "AND pronamespace = 'to_distribute'::regnamespace", String.class);
		return Pattern.compile("CREATE OR REPLACE VIEW (\\w+) AS\\s([^;]+);")
			.matcher(String.valueOf(body))
			.results()
			.collect(Collectors.toMap((view) -> view.group(1),
					(view) -> view.group(2).replaceAll("\\b(llm_calls|trace_spans|logs) AS", SCHEMA + ".$1 AS")));
	}

	/** Calls of three models over some days, each fourth failed. */
	private static void write() {
		try (TraceWriter writer = new TraceWriter(DATABASE.dataSource(),
				WriterConfig.traces().schema(SCHEMA).build())) {
			writer.writeSpans(IntStream.range(0, 60).mapToObj(DistributedFunctionsIT::call).toList());
		}
	}

	private static TraceSpan call(int number) {
		return Records.span(number / 3, number)
			.toBuilder()
			.startTime(Records.START.plus(number * 5L, ChronoUnit.HOURS))
			.endTime(Records.START.plus(number * 5L, ChronoUnit.HOURS).plusMillis(number))
			.status((number % 4 == 0) ? Status.ERROR : Status.OK)
			.attributes(Map.of("gen_ai.operation.name", "chat", "gen_ai.request.model", "model-" + number % 3,
					"gen_ai.usage.input_tokens", number))
			.build();
	}

	@ParameterizedTest
	@ValueSource(strings = { "distribute", "make_hypertables" })
	void withoutTheExtensionNothingIsChanged(String function) {
		Assumptions.assumeTrue(DATABASE.engine() == Engine.POSTGRESQL, "it has an extension");
		List<Map<String, Object>> before = relations();
		assertThatThrownBy(() -> JDBC.execute("SELECT to_distribute." + function + "()"))
			.isInstanceOf(DataAccessException.class)
			.hasMessageContaining("is not in this database");
		assertThat(relations()).isEqualTo(before);
	}

	private static List<Map<String, Object>> relations() {
		return DATABASE.rows("SELECT oid, relname, relkind FROM pg_class "
				+ "WHERE relnamespace = 'to_distribute'::regnamespace ORDER BY oid");
	}

}
