package io.observatory.storage.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A technique on a table over a number of connections.
 *
 * @param workload what is stored
 * @param technique how
 * @param connections over how many connections, each with a thread that makes records
 */
record Cell(Workload<?> workload, Technique technique, int connections) {

	private static final int TIMEOUT_MINUTES = 5;

	private static final int SLICE = 10_000;

	/** Stores the records 0 to rows - 1. */
	Measurement run(long rows) {
		return run(0, rows);
	}

	/** Stores so many records from a number on. */
	Measurement run(long first, long rows) {
		ExecutorService threads = Executors.newFixedThreadPool(this.connections, Cell::thread);
		try (Technique.Session session = this.technique.open(this.workload, this.connections)) {
			Meter meter = new Meter();
			await(store(session, first, rows, threads));
			session.finish();
			return meter.stop(rows);
		}
		catch (Exception ex) {
			throw new IllegalStateException("Could not measure " + this, ex);
		}
		finally {
			threads.shutdownNow();
		}
	}

	/**
	 * Stores the records 0 to rows - 1 from a single thread that waits for each slice of
	 * them, so that buffers do not grow.
	 * @return the bytes that the second half of the records allocated
	 */
	long allocated(long rows) {
		try (Technique.Session session = this.technique.open(this.workload, 1)) {
			slices(session, 0, rows / 2);
			Allocation allocation = new Allocation();
			slices(session, rows / 2, rows);
			return allocation.bytes();
		}
	}

	private static void slices(Technique.Session session, long from, long to) {
		for (long next = from; next < to; next += SLICE) {
			session.store(next, Math.min(next + SLICE, to));
			session.finish();
		}
	}

	private List<Future<?>> store(Technique.Session session, long first, long rows, ExecutorService threads) {
		List<Future<?>> parts = new ArrayList<>();
		for (int part = 0; part < this.connections; part++) {
			long from = first + rows * part / this.connections;
			long to = first + rows * (part + 1) / this.connections;
			parts.add(threads.submit(() -> session.store(from, to)));
		}
		return parts;
	}

	private static void await(List<Future<?>> parts) throws InterruptedException, ExecutionException, TimeoutException {
		for (Future<?> part : parts) {
			part.get(TIMEOUT_MINUTES, TimeUnit.MINUTES);
		}
	}

	private static Thread thread(Runnable task) {
		Thread thread = new Thread(task, "bench-producer");
		thread.setDaemon(true);
		return thread;
	}

	@Override
	public String toString() {
		return "%-20s %d connection%s  %-20s".formatted(this.workload, this.connections,
				(this.connections == 1) ? " " : "s", this.technique.name());
	}

}
