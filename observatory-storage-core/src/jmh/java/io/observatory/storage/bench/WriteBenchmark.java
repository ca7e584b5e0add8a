package io.observatory.storage.bench;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

import io.observatory.storage.writer.Writer;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The public {@code write…} call under several threads, with a database that does
 * nothing.
 */
@BenchmarkMode({ Mode.Throughput, Mode.SampleTime })
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 1)
@State(Scope.Benchmark)
public class WriteBenchmark {

	private static final int RECORDS = 1024;

	/** As they become under load; with a database this fast they would stay small. */
	private static final int BATCH = 5000;

	private static final Map<String, Workload<?>> WORKLOADS = Map.of("logs", new LogsWorkload(), "metric_data_points",
			new PointsWorkload(), "trace_spans", new SpansWorkload());

	@Param({ "logs", "metric_data_points", "trace_spans" })
	public String table;

	private Target<?> target;

	@Setup
	public void open() throws SQLException {
		this.target = target(WORKLOADS.get(this.table));
	}

	private static <T> Target<T> target(Workload<T> workload) throws SQLException {
		List<T> records = LongStream.range(0, RECORDS).mapToObj(workload::record).toList();
		return new Target<>(workload, workload.open(NullDatabase.dataSource(), (config) -> config.batchSize(BATCH)), records);
	}

	@TearDown
	public void close() {
		this.target.writer().close();
	}

	@Benchmark
	@Threads(1)
	public void from1Thread(Position position) {
		this.target.write(position.next());
	}

	@Benchmark
	@Threads(4)
	public void from4Threads(Position position) {
		this.target.write(position.next());
	}

	@Benchmark
	@Threads(16)
	public void from16Threads(Position position) {
		this.target.write(position.next());
	}

	private record Target<T>(Workload<T> workload, Writer writer, List<T> records) {

		void write(int record) {
			this.workload.write(this.writer, this.records.get(record));
		}

	}

	/** Which record a thread writes next. */
	@State(Scope.Thread)
	public static class Position {

		private int next;

		int next() {
			this.next = (this.next + 1) % RECORDS;
			return this.next;
		}

	}

}
