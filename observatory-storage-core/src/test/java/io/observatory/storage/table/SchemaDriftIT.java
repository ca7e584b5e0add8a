package io.observatory.storage.table;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.observatory.storage.row.Column;
import io.observatory.storage.testing.Database;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * The tables' classes against what the migration made.
 */
class SchemaDriftIT {

	private static final Schema SCHEMA = new Schema("observatory");

	private static final TracesTable TRACES = new TracesTable();

	private static final SpansTable SPANS = new SpansTable();

	private static final MetricsTable METRICS = new MetricsTable(Clock.systemUTC());

	private static final ScoresTable SCORES = new ScoresTable();

	private final Database database = Database.get();

	/** Each table, and the columns that a row does not carry: its server fills them. */
	static Stream<Arguments> tables() {
		return Stream.of(
				arguments(TRACES,
						Set.of("span_count", "created_at", "updated_at", "lead_span_id", "lead_start", "lead_is_root")),
				arguments(SPANS, Set.of("created_at")), arguments(new EventsTable(), Set.of("created_at")),
				arguments(SCORES, Set.of("created_at")), arguments(METRICS, Set.of("created_at")),
				arguments(new DataPointsTable(), Set.of("created_at")),
				arguments(new LogsTable(), Set.of("created_at")));
	}

	@ParameterizedTest
	@MethodSource("tables")
	void columnsAreThoseOfTheSchema(Table<?> table, Set<String> filledByTheServer) {
		Map<String, String> migrated = columns(table);
		assertThat(migrated).as("columns filled by the server").containsKeys(filledByTheServer.toArray(String[]::new));
		migrated.keySet().removeAll(filledByTheServer);
		assertThat(migrated).containsExactlyInAnyOrderEntriesOf(
				table.columns().stream().collect(Collectors.toMap(Column::name, (column) -> column.type().sqlName())));
	}

	@ParameterizedTest
	@MethodSource("tables")
	void noOtherColumnHasToBeGiven(Table<?> table, Set<String> filledByTheServer) {
		List<String> mandatory = this.database.jdbc()
			.queryForList(
					"SELECT column_name FROM information_schema.columns WHERE table_schema = 'observatory' "
							+ "AND table_name = ? AND is_nullable = 'NO' AND column_default IS NULL",
					String.class, table.name());
		assertThat(mandatory).isNotEmpty().doesNotContainAnyElementsOf(filledByTheServer);
	}

	@Test
	void everyTableOfTheSchemaIsKnown() {
		Set<String> known = tables().map((arguments) -> ((Table<?>) arguments.get()[0]).name())
			.collect(Collectors.toSet());
		known.addAll(Set.of("lanes", "dead_letters", "model_prices", "flyway_schema_history"));
		assertThat(this.database.jdbc()
			.queryForList("SELECT relname FROM pg_class WHERE relnamespace = 'observatory'::regnamespace "
					+ "AND relkind IN ('r', 'p') AND NOT relispartition", String.class))
			.containsExactlyInAnyOrderElementsOf(known);
	}

	/** What one asks by SQL one wants to look up without a database. */
	@Test
	void theDocumentationHasTheColumnsOfEveryTableAndView() throws IOException {
		List<String> columns = this.database.jdbc()
			.queryForList("SELECT c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) "
					+ "|| CASE WHEN a.attnotnull THEN ' not null' ELSE '' END "
					+ "FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped "
					+ "WHERE c.relnamespace = 'observatory'::regnamespace AND c.relkind IN ('r', 'p', 'v') "
					+ "AND NOT c.relispartition AND c.relname <> 'flyway_schema_history' "
					+ "ORDER BY c.relname, a.attnum", String.class);
		assertThat(documentedColumns()).containsExactlyInAnyOrderElementsOf(columns);
	}

	private static List<String> documentedColumns() throws IOException {
		List<String> columns = new ArrayList<>();
		String relation = "";
		for (String line : Files.readAllLines(Path.of("..", "docs", "sql.md"))) {
			Matcher heading = Pattern.compile("### `(\\w+)`.*").matcher(line);
			Matcher row = Pattern.compile("\\| `(\\w+)` \\| ([^|]+) \\|.*").matcher(line);
			if (heading.matches()) {
				relation = heading.group(1);
			}
			else if (row.matches() && !relation.isEmpty()) {
				columns.add(relation + "." + row.group(1) + " " + row.group(2));
			}
		}
		return columns;
	}

	@ParameterizedTest
	@MethodSource("merges")
	void eachConflictKeyHasItsUniqueIndex(Table<?> table, String statement, List<List<String>> keys) {
		Matcher conflict = Pattern.compile("ON CONFLICT(?: \\(([^)]*)\\))?").matcher(statement);
		assertThat(conflict.find()).as("has a conflict rule").isTrue();
		assertThat(this.uniqueKeys(table)).containsExactlyInAnyOrderElementsOf(keys);
		// ON CONFLICT takes no deferrable index, be it named or not
		List<List<String>> named = (conflict.group(1) != null) ? List.of(List.of(conflict.group(1).split(", *")))
				: keys;
		assertThat(indexes(table, "i.indisunique AND i.indisvalid AND i.indimmediate")).containsAll(named);
	}

	static Stream<Arguments> merges() {
		return Stream.of(
				arguments(TRACES, TRACES.merge(SCHEMA, TRACES.staged(), TraceSummary.source(), true),
						isSource() ? List.of(List.of("id"), List.of("trace_id")) : List.of(List.of("id"))),
				// its rule names no key, so that it guards all
				arguments(SPANS, SPANS.insertNew(SCHEMA, SPANS.staged()),
						isSource() ? List.of(List.of("id"), List.of("span_id"))
								: List.of(List.of("trace_id", "span_id", "start_time"))),
				arguments(SCORES, SCORES.merge(SCHEMA, SCORES.unnested()), List.of(List.of("target_id", "id"))),
				arguments(METRICS, METRICS.merge(SCHEMA, METRICS.staged()), List.of(List.of("id"))));
	}

	private static boolean isSource() {
		return Database.LAYOUT == Layout.SOURCE;
	}

	@Test
	void theLayoutIsReadBack() {
		assertThat(Layout.of(this.database.jdbc().queryForObject(Layout.query(SCHEMA), String.class)))
			.isEqualTo(Database.LAYOUT);
		assertThat(this.database.rows(Layout.query(new Schema("no 'such' one")))).isEmpty();
	}

	@ParameterizedTest
	@MethodSource("tables")
	void noTwoIndexesOfAllRowsHaveTheSameColumns(Table<?> table, Set<String> filledByTheServer) {
		assertThat(indexes(table, "i.indpred IS NULL")).doesNotHaveDuplicates();
	}

	@Test
	void appendTablesHaveNoKey() {
		// a key would be most of what their rows cost; the lane makes them land once
		assertThat(Stream.of(new EventsTable(), new DataPointsTable(), new LogsTable()).map(this::uniqueKeys))
			.allSatisfy((keys) -> assertThat(keys).isEmpty());
	}

	@Test
	void functionsAreNobodyElsesAndFindTheirTablesInTheirSchemaAlone() {
		List<Map<String, Object>> functions = this.database
			.rows("SELECT proname, proconfig::text, proacl::text FROM pg_proc "
					+ "WHERE pronamespace = 'observatory'::regnamespace AND provolatile <> 'i'");
		assertThat(functions).isNotEmpty().allSatisfy((function) -> {
			assertThat(function.get("proconfig")).asString().contains("search_path=observatory, pg_temp");
			assertThat(function.get("proacl")).as("rights of %s", function.get("proname"))
				.asString()
				.doesNotContain("{=", ",=");
		});
	}

	private Map<String, String> columns(Table<?> table) {
		Map<String, String> columns = new TreeMap<>();
		this.database.jdbc()
			.query("SELECT column_name, udt_name FROM information_schema.columns WHERE table_schema = 'observatory' "
					+ "AND table_name = ?", (row) -> {
						columns.put(row.getString(1), row.getString(2));
					}, table.name());
		return columns;
	}

	/** An index that is partial or not valid guards nothing. */
	private List<List<String>> uniqueKeys(Table<?> table) {
		return indexes(table, "i.indisunique AND i.indisvalid AND i.indpred IS NULL");
	}

	private List<List<String>> indexes(Table<?> table, String condition) {
		return this.database.jdbc().query("""
				SELECT string_agg(a.attname, ',' ORDER BY k.position) FROM pg_index i
				CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k (attnum, position)
				JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
				WHERE i.indrelid = ('observatory.' || ?)::regclass AND %s GROUP BY i.indexrelid
				""".formatted(condition), (row, number) -> List.of(row.getString(1).split(",")), table.name());
	}

}
