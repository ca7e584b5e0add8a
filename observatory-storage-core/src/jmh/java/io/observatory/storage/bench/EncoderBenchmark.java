package io.observatory.storage.bench;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

import io.observatory.storage.row.InputPolicy;
import io.observatory.storage.row.RowEncoder;
import io.observatory.storage.table.DataPointsTable;
import io.observatory.storage.table.EventsTable;
import io.observatory.storage.table.LogsTable;
import io.observatory.storage.table.SpansTable;
import io.observatory.storage.table.Table;
import io.observatory.storage.table.TracesTable;
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
 * A record, with its attributes in maps, into a row: alone, and together with the
 * building of the record, which is the caller's.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
public class EncoderBenchmark {

	private static final int RECORDS = 1024;

	private static final Map<String, Kind<?>> KINDS = Map.of("logs", new Kind<>(new LogsWorkload(), new LogsTable()),
			"metric_data_points", new Kind<>(new PointsWorkload(), new DataPointsTable()), "trace_events",
			new Kind<>(new EventsWorkload(), new EventsTable()), "trace_spans",
			new Kind<>(new SpansWorkload(), new SpansTable()), "traces",
			new Kind<>(new TracesWorkload(), new TracesTable()));

	@Param({ "logs", "metric_data_points", "trace_events", "trace_spans", "traces" })
	public String table;

	private final RowEncoder row = new RowEncoder(InputPolicy.DEFAULT, Clock.systemUTC());

	private Source<?> source;

	private int next;

	@Setup
	public void prepare() {
		this.source = KINDS.get(this.table).source();
	}

	@Benchmark
	public int encode() {
		this.next = (this.next + 1) % RECORDS;
		this.row.reset();
		this.source.encode(this.next, this.row);
		return this.row.length();
	}

	@Benchmark
	public int buildAndEncode() {
		this.next = (this.next + 1) % RECORDS;
		this.row.reset();
		this.source.buildAndEncode(this.next, this.row);
		return this.row.length();
	}

	private record Kind<T>(Workload<T> workload, Table<T> table) {

		Source<T> source() {
			return new Source<>(this, LongStream.range(0, RECORDS).mapToObj(this.workload::record).toList());
		}

	}

	private record Source<T>(Kind<T> kind, List<T> records) {

		void encode(int number, RowEncoder row) {
			this.kind.table().write(this.records.get(number), row);
		}

		void buildAndEncode(int number, RowEncoder row) {
			this.kind.table().write(this.kind.workload().record(number), row);
		}

	}

}
