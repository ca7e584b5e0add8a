package io.observatory.storage.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

import com.zaxxer.hikari.HikariDataSource;
import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.model.Metric;
import io.observatory.storage.model.MetricType;
import io.observatory.storage.writer.LogWriter;
import io.observatory.storage.writer.MetricWriter;
import io.observatory.storage.writer.TraceWriter;
import io.observatory.storage.writer.Writer;

/**
 * Prints the round trips that a flush waits for, one after the other, and what goes along
 * with each.
 */
final class FlushTrips {

	private static final int FEW = 10;

	private static final int MANY = 1000;

	/** After so many flushes the driver has prepared all statements on the server. */
	private static final int WARM_UP = 8;

	/** The driver goes without asking for encryption, so that all can be read. */
	private static final String PLAIN = "sslmode=disable&gssEncMode=disable";

	private final BenchServer server;

	FlushTrips(BenchServer server) {
		this.server = server;
	}

	void print() throws IOException {
		this.server.empty();
		LogsWorkload logs = new LogsWorkload();
		PointsWorkload points = new PointsWorkload();
		SpansWorkload spans = new SpansWorkload();
		EventsWorkload events = new EventsWorkload();
		TracesWorkload traces = new TracesWorkload();
		for (int rows : new int[] { FEW, MANY }) {
			print("logs", rows, (writer, number) -> logs.write(writer, logs.record(number)));
			print("metric_data_points", rows, (writer, number) -> points.write(writer, points.record(number)));
			print("trace_events", rows, (writer, number) -> events.write(writer, events.record(number)));
			print("metrics", rows, (writer, number) -> ((MetricWriter) writer).writeMetric(metric(number)));
			print("traces", rows, (writer, number) -> traces.write(writer, traces.record(apart(rows, number))));
			print("trace_spans, new", rows, (writer, number) -> spans.write(writer, spans.record(apart(rows, number))));
			print("trace_spans, known", rows, (writer, number) -> spans.write(writer, spans.record(number % rows)));
		}
	}

	/** Returns another number for each number of rows, so that what is new is new. */
	private static long apart(int rows, long number) {
		return number + rows * 10_000L;
	}

	private static Metric metric(long number) {
		return Metric.builder()
			.name("metric." + number)
			.type(MetricType.GAUGE)
			.serviceName("service-" + number % 8)
			.build();
	}

	/** Prints what a flush of so many rows waits for. */
	private void print(String what, int rows, Write write) throws IOException {
		RoundTrips.Record roundTrips = new RoundTrips.Record();
		try (DelayingProxy proxy = new DelayingProxy(this.server.port(), Duration.ofMillis(2), roundTrips);
				HikariDataSource pool = BenchServer.pool(proxy.port(), PLAIN)) {
			pool.setMaximumPoolSize(1);
			try (Writer writer = open(what, pool)) {
				flush(writer, rows, 0, write);
				int first = roundTrips.taken().size();
				for (int flush = 1; flush <= WARM_UP; flush++) {
					roundTrips.taken();
					flush(writer, rows, flush, write);
				}
				List<List<String>> trips = roundTrips.taken();
				System.out.printf("%n%s, %d rows: %d round trips (with a new connection, and a new lane: %d)%n", what,
						rows, trips.size(), first);
				trips.forEach((trip) -> System.out.println("    " + String.join(" | ", trip)));
			}
		}
	}

	private static void flush(Writer writer, int rows, int flush, Write write) {
		for (int row = 0; row < rows; row++) {
			write.write(writer, (long) flush * rows + row);
		}
		writer.flush();
	}

	/** Opens a writer that has one slot and flushes only when it is told to. */
	private static Writer open(String what, HikariDataSource pool) {
		WriterConfig config = WriterConfig.logs()
			.batchSize(WriterConfig.DEFAULT_MAX_BATCH_ROWS)
			.maxConcurrency(1)
			.build();
		if (what.equals("logs")) {
			return new LogWriter(pool, config);
		}
		return what.startsWith("metric") ? new MetricWriter(pool, config) : new TraceWriter(pool, config);
	}

	/** Writes the record of a number. */
	private interface Write {

		void write(Writer writer, long number);

	}

}
