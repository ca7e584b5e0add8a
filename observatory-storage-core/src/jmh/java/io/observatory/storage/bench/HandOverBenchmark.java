package io.observatory.storage.bench;

import java.time.Clock;
import java.util.concurrent.TimeUnit;

import io.observatory.storage.buffer.Batch;
import io.observatory.storage.buffer.BufferLimits;
import io.observatory.storage.buffer.RowBuffer;
import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.row.InputPolicy;
import io.observatory.storage.row.RowEncoder;
import io.observatory.storage.table.LogsTable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs to bring an encoded row through the buffer.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class HandOverBenchmark {

	private static final int BATCH = 1000;

	/** The way of a row, alone: in, taken with its batch, settled. */
	@Benchmark
	@OperationsPerInvocation(BATCH)
	public Batch inAndOut(Alone alone, EncodedLog log) throws InterruptedException {
		for (int i = 0; i < BATCH; i++) {
			alone.buffer.append(log.row);
		}
		Batch batch = alone.buffer.take(0);
		alone.buffer.settle(batch, BATCH, 0);
		return batch;
	}

	/** The way in, beside three more threads and one that takes the batches. */
	@Benchmark
	@Threads(4)
	public long in(Drained drained, EncodedLog log) {
		long left = TimeUnit.SECONDS.toNanos(1);
		while (!drained.buffer.append(log.row)) {
			left = drained.buffer.awaitRoom(log.row.rows(), log.row.length(), left);
		}
		return left;
	}

	private static RowBuffer buffer() {
		return new RowBuffer("logs",
				new BufferLimits(BATCH, WriterConfig.DEFAULT_MAX_BATCH_ROWS, WriterConfig.DEFAULT_MAX_BATCH_BYTES,
						WriterConfig.DEFAULT_MAX_BUFFER_ROWS, WriterConfig.DEFAULT_MAX_BUFFER_BYTES),
				1, 1);
	}

	/** A log's row. */
	@State(Scope.Thread)
	public static class EncodedLog {

		private final RowEncoder row = new RowEncoder(InputPolicy.DEFAULT, Clock.systemUTC());

		@Setup
		public void encode() {
			new LogsTable().write(new LogsWorkload().record(1), this.row);
		}

	}

	/** A buffer that nobody else knows. */
	@State(Scope.Thread)
	public static class Alone {

		private final RowBuffer buffer = buffer();

	}

	/** A buffer that a slot empties. */
	@State(Scope.Benchmark)
	public static class Drained {

		private final RowBuffer buffer = buffer();

		@Setup
		public void drain() {
			Thread slot = new Thread(() -> {
				try {
					for (Batch batch = this.buffer.take(0); batch != null; batch = this.buffer.take(0)) {
						this.buffer.settle(batch, batch.rows(), 0);
					}
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
			}, "bench-slot");
			slot.setDaemon(true);
			slot.start();
		}

		@TearDown
		public void close() {
			this.buffer.close();
		}

	}

}
