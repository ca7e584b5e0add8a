package io.observatory.storage.fault;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.error.StorageException;
import io.observatory.storage.session.WriteMethod;
import io.observatory.storage.stats.WriteStats;
import io.observatory.storage.table.TraceScenario;
import io.observatory.storage.table.TraceWriting;
import io.observatory.storage.writer.TraceWriter;

/**
 * Writers that deliver the records of the same traces over and over, each in orders of
 * its own. As a program it is the second process: it says that it is ready, begins with
 * the first line that it reads, ends with the second, and tells what came of it. Knows
 * nothing of the embedded PostgreSQL, which would start with it in each process.
 */
final class SameTracesWriters {

	static final int TRACES = 300;

	private static final int WRITERS = 4;

	private static final int LARGEST_TRACE = 30;

	/** So that a batch touches most traces, and two batches many of the same. */
	private static final int BATCH = 700;

	private static final int MAX_UNSORTED = 5;

	private SameTracesWriters() {
	}

	public static void main(String[] arguments) throws Exception {
		int port = Integer.parseInt(arguments[0]);
		boolean sorted = Boolean.parseBoolean(arguments[1]);
		try (HikariDataSource pool = TraceWriting.pool(port)) {
			System.out.println("ready");
			readLine();
			CompletableFuture<Void> over = CompletableFuture.runAsync(SameTracesWriters::readLine);
			Told told = write(sorted ? pool : unsorted(pool), 100, () -> !over.isDone());
			System.out.println(told.toLine());
		}
	}

	/** Reads up to the end of a line, or of the first process. */
	private static void readLine() {
		try {
			for (int read = System.in.read(); read >= 0 && read != '\n'; read = System.in.read()) {
				// not yet
			}
		}
		catch (IOException ex) {
			// then there is nobody to write for
		}
	}

	/** Trace records, spans open and closed, corrections, redeliveries. */
	static List<Record> records() {
		return TraceScenario.records(44, TRACES, LARGEST_TRACE);
	}

	/**
	 * Takes the order out of the statement that locks the traces, the first few times: a
	 * deadlock costs a second, and with all of them nobody would get on.
	 */
	static DataSource unsorted(DataSource dataSource) {
		AtomicInteger times = new AtomicInteger();
		return SqlHook.on(dataSource, (sql) -> {
			String unsorted = sql.replace("ORDER BY id\n    ON CONFLICT", "ORDER BY random()\n    ON CONFLICT");
			return (unsorted.equals(sql) || times.incrementAndGet() > MAX_UNSORTED) ? sql : unsorted;
		});
	}

	/** Writes as long as it is told to, and returns what came of it. */
	static Told write(DataSource dataSource, int seed, BooleanSupplier goOn) {
		List<CompletableFuture<Told>> writers = new ArrayList<>();
		for (int i = 0; i < WRITERS; i++) {
			CompletableFuture<Told> told = new CompletableFuture<>();
			int number = seed + i;
			Thread thread = new Thread(() -> {
				try {
					told.complete(deliver(dataSource, number, goOn));
				}
				catch (Throwable ex) {
					told.completeExceptionally(ex);
				}
			}, "same-traces-" + number);
			thread.setDaemon(true);
			thread.start();
			writers.add(told);
		}
		return writers.stream().map(CompletableFuture::join).reduce(Told.NOTHING, Told::plus);
	}

	private static Told deliver(DataSource dataSource, int number, BooleanSupplier goOn) {
		List<Record> records = new ArrayList<>(records());
		Random random = new Random(number);
		TraceWriter writer = new TraceWriter(dataSource,
				config((number % 2 == 0) ? WriteMethod.COPY : WriteMethod.INSERT));
		long rounds = 0;
		try (writer) {
			do {
				Collections.shuffle(records, random);
				TraceWriting.write(writer, records);
				flush(writer);
				rounds++;
			}
			while (goOn.getAsBoolean());
		}
		return Told.of(writer.writeStats(), rounds);
	}

	/** Of many deadlocks in a row a flush tells; the batch is kept and sent again. */
	private static void flush(TraceWriter writer) {
		try {
			writer.flush();
		}
		catch (StorageException ex) {
			if (!ex.isRetryable()) {
				throw ex;
			}
		}
	}

	/** On Citus the batches do deadlock, and the last ones need their time. */
	static WriterConfig config(WriteMethod method) {
		return TraceWriting.config(method, 0)
			.toBuilder()
			.closeTimeout(Duration.ofMinutes(3))
			.maxConcurrency(1)
			.batchSize(BATCH)
			.maxBatchRows(BATCH)
			.build();
	}

	/** What the writers of a process say of their records. */
	record Told(long accepted, long stored, long deadLettered, long dropped, long left, long rounds) {

		/** What the line begins with, among those of the log. */
		static final String TOLD = "told ";

		static final Told NOTHING = new Told(0, 0, 0, 0, 0, 0);

		static Told of(WriteStats stats, long rounds) {
			return new Told(stats.accepted(), stats.stored(), stats.deadLettered(), stats.droppedTotal(),
					stats.buffered() + stats.inFlight(), rounds);
		}

		static Told parse(String line) {
			String[] numbers = line.substring(TOLD.length()).split(" ");
			return new Told(Long.parseLong(numbers[0]), Long.parseLong(numbers[1]), Long.parseLong(numbers[2]),
					Long.parseLong(numbers[3]), Long.parseLong(numbers[4]), Long.parseLong(numbers[5]));
		}

		String toLine() {
			return TOLD + this.accepted + " " + this.stored + " " + this.deadLettered + " " + this.dropped + " "
					+ this.left + " " + this.rounds;
		}

		Told plus(Told other) {
			return new Told(this.accepted + other.accepted, this.stored + other.stored,
					this.deadLettered + other.deadLettered, this.dropped + other.dropped, this.left + other.left,
					this.rounds + other.rounds);
		}

	}

}
