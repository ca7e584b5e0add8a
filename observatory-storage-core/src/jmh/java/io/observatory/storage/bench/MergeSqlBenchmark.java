package io.observatory.storage.bench;

import java.time.Clock;
import java.util.concurrent.TimeUnit;

import io.observatory.storage.table.Layout;
import io.observatory.storage.table.LogsTable;
import io.observatory.storage.table.MetricsTable;
import io.observatory.storage.table.Schema;
import io.observatory.storage.table.SpansTable;
import io.observatory.storage.table.TraceSummary;
import io.observatory.storage.table.TracesTable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The text of the statements, which is built anew for each batch.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
public class MergeSqlBenchmark {

	private final Schema schema = new Schema("observatory");

	private final LogsTable logs = new LogsTable();

	private final MetricsTable metrics = new MetricsTable(Clock.systemUTC());

	private final TracesTable traces = new TracesTable();

	private final SpansTable spans = new SpansTable();

	@Benchmark
	public String copy() {
		return this.logs.copy(this.schema);
	}

	@Benchmark
	public String mergeOfMetrics() {
		return this.metrics.merge(this.schema, this.metrics.staged());
	}

	@Benchmark
	public String mergeOfTraces() {
		return this.traces.merge(this.schema, this.traces.unnested(), TraceSummary.source(), true);
	}

	@Benchmark
	public String correctionOfSpans() {
		return this.spans.correct(this.schema, this.spans.staged(), Layout.SOURCE);
	}

}
