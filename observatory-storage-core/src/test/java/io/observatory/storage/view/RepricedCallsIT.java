package io.observatory.storage.view;

import java.io.IOException;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.llm.LlmInput;
import io.observatory.storage.llm.LlmLatency;
import io.observatory.storage.llm.LlmSpan;
import io.observatory.storage.llm.name.AttributeNames;
import io.observatory.storage.llm.price.LlmCost;
import io.observatory.storage.llm.price.PriceTable;
import io.observatory.storage.llm.price.TokenUsage;
import io.observatory.storage.testing.Database;
import io.observatory.storage.testing.Engine;
import io.observatory.storage.testing.NotOn;
import io.observatory.storage.writer.TraceWriter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.PGConnection;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Costs that are reckoned anew in the database are those that were reckoned by hand, and
 * a cost that cannot be is none.
 */
class RepricedCallsIT {

	private static final Path PRICES = Path.of("src/main/resources/io/observatory/storage/llm/price/genai-prices.tsv");

	private static final Path LOAD = Path.of("src/prices/load.sql");

	private static final Path WORKED = Path.of("src/test/resources/io/observatory/storage/llm/price/worked-prices.tsv");

	private final Database database = Database.get();

	@BeforeEach
	void clear() {
		this.database.jdbc()
			.execute("DELETE FROM observatory.trace_spans; DELETE FROM observatory.traces; "
					+ "DELETE FROM observatory.model_prices");
	}

	@Test
	@NotOn(value = Engine.CITUS,
			because = "on PostgreSQL 15 and 16 it refuses an outer join with a condition that is always true")
	void aPastCallCostsWhatItDidByThePriceOfItsTime() throws IOException, SQLException {
		List<String[]> calls = workedCalls();
		try (TraceWriter writer = new TraceWriter(this.database.dataSource(), WriterConfig.traces().build())) {
			for (int i = 0; i < calls.size(); i++) {
				writer.writeSpan(call(i, calls.get(i)).toSpan(AttributeNames.GEN_AI, PriceTable.NONE));
			}
		}
		// the call of that time is one of the last 90 days for the script
		load(Files.readString(LOAD).replace("interval '90 days'", "interval '90 years'"));
		assertThat(this.database.jdbc()
			.query("SELECT span_id, repriced_usd FROM observatory.llm_calls_repriced "
					+ "JOIN observatory.trace_spans AS s USING (id) WHERE repriced_usd IS NOT NULL",
					(row, number) -> calls.get(Integer.parseInt(row.getString(1)))[11] + " = "
							+ row.getBigDecimal(2).stripTrailingZeros().toPlainString()))
			.hasSizeGreaterThan(50)
			.allSatisfy((pair) -> assertThat(pair.split(" = ")[1]).isEqualTo(pair.split(" = ")[0]));
	}

	@Test
	void whatOneSetsOneselfGoesBeforeAndUnknownModelsHaveNone() {
		try (TraceWriter writer = new TraceWriter(this.database.dataSource(), WriterConfig.traces().build())) {
			writer.writeLlmSpan(call("a", "mine").build());
			writer.writeLlmSpan(call("b", "unknown").build());
		}
		this.database.jdbc()
			.execute("INSERT INTO observatory.model_prices (model, input, output) VALUES ('mine', 2, 4)");
		assertThat(repriced()).containsExactly(new BigDecimal("0.000070000000"), null);
		this.database.jdbc()
			.execute("INSERT INTO observatory.model_prices (provider, model, input, output) "
					+ "VALUES ('openai', 'mine', 20, 40)");
		assertThat(repriced()).containsExactly(new BigDecimal("0.000700000000"), null);
	}

	@ParameterizedTest
	@CsvSource({ "0, 0", "0.25, 0.25", "10000, 10000", "10000.01,", "1e30," })
	void aCostThatCannotBeIsNotSummed(double given, BigDecimal counted) {
		try (TraceWriter writer = new TraceWriter(this.database.dataSource(), WriterConfig.traces().build())) {
			writer.writeLlmSpan(call("a", "mine").cost(LlmCost.usd(given)).build());
		}
		assertThat(this.database.jdbc()
			.queryForObject("SELECT sum(cost_usd) FROM observatory.llm_calls", BigDecimal.class))
			.satisfiesAnyOf((sum) -> assertThat(sum).isEqualTo(counted),
					(sum) -> assertThat(sum).isEqualByComparingTo(counted));
	}

	@ParameterizedTest
	@CsvSource({ "-0.01", "NaN", "Infinity", "-1e5" })
	void neitherIsOneBelowNothingOrNoNumber(String given) {
		assertThat(this.database.jdbc().queryForObject("SELECT observatory.cost_or_null(?)", BigDecimal.class, given))
			.isNull();
	}

	private List<BigDecimal> repriced() {
		return this.database.jdbc()
			.queryForList("SELECT repriced_usd FROM observatory.llm_calls_repriced ORDER BY model", BigDecimal.class);
	}

	/**
	 * Those whose price is all in the table: neither sound nor a fee, nor a name that
	 * only Java knows.
	 */
	private static List<String[]> workedCalls() throws IOException {
		return Files.readAllLines(WORKED)
			.stream()
			.filter((line) -> !line.startsWith("#"))
			.map((line) -> line.split("\t", -1))
			.filter((fields) -> Instant.parse(fields[2]).isBefore(Instant.now()))
			.filter((fields) -> fields[7].isEmpty() && fields[10].isEmpty() && !fields[12].endsWith("/1000"))
			.toList();
	}

	private static LlmSpan call(int number, String[] fields) {
		TokenUsage usage = TokenUsage.builder()
			.prompt(tokens(fields[3]))
			.cacheRead(tokens(fields[4]))
			.cacheWrite(tokens(fields[5]))
			.cacheWriteHour(tokens(fields[6]))
			.completion(tokens(fields[8]))
			.reasoning(tokens(fields[9]))
			.build();
		return call(Integer.toString(number), fields[1]).provider(fields[0])
			.usage(usage)
			.latency(LlmLatency.of(Instant.parse(fields[2]), Duration.ofSeconds(1)))
			.build();
	}

	private static LlmSpan.Builder call(String id, String model) {
		return LlmSpan.builder()
			.traceId("t" + id)
			.spanId(id)
			.name("chat " + model)
			.provider("openai")
			.model(model)
			.input(new LlmInput.Text("hi"))
			.usage(TokenUsage.of(21, 7))
			.latency(LlmLatency.of(Instant.parse("2026-11-28T12:00:00Z"), Duration.ofSeconds(1)));
	}

	private static Long tokens(String field) {
		return field.isEmpty() ? null : Long.valueOf(field);
	}

	/** Does what psql does with the script. */
	private void load(String script) throws IOException, SQLException {
		String list = Files.readAllLines(PRICES)
			.stream()
			.filter((line) -> !line.startsWith("#"))
			.collect(Collectors.joining("\n"));
		String copy = script.lines().filter((line) -> line.startsWith("\\copy")).findFirst().orElseThrow();
		try (Connection connection = this.database.dataSource().getConnection();
				Statement statement = connection.createStatement()) {
			statement.execute("SET search_path = observatory");
			statement.execute(script.substring(0, script.indexOf(copy)));
			connection.unwrap(PGConnection.class)
				.getCopyAPI()
				.copyIn(copy.substring(1).replaceAll("FROM PROGRAM '.*?'", "FROM STDIN"), new StringReader(list));
			statement.execute(script.substring(script.indexOf(copy) + copy.length()));
		}
	}

}
