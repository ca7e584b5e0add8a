package io.observatory.storage.bench;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.observatory.storage.row.InputPolicy;
import io.observatory.storage.row.RowEncoder;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A map as JSON into a row: a log's attributes, nested ones, and an LLM's prompt.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
public class JsonBenchmark {

	private static final int PROMPT_BYTES = 20_000;

	@Param({ "attributes", "nested", "prompt" })
	public String value;

	private final RowEncoder row = new RowEncoder(InputPolicy.DEFAULT, Clock.systemUTC());

	private Map<String, ?> map;

	@Setup
	public void prepare() {
		this.map = switch (this.value) {
			case "attributes" -> new LogsWorkload().record(1).attributes();
			case "nested" -> Map.of("messages", List.of(Map.of("role", "system", "content", "Be brief."),
					Map.of("role", "user", "content", "What is a row?", "tags", List.of(1, 2.5, true))));
			default -> Map.of("gen_ai.prompt", new Prose(1).text(PROMPT_BYTES));
		};
	}

	@Benchmark
	public int json() {
		this.row.reset();
		this.row.begin("Benchmark", 1);
		this.row.json("attributes", this.map);
		this.row.end();
		return this.row.length();
	}

}
