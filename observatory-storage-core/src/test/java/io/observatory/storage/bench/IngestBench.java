package io.observatory.storage.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.function.LongFunction;

import javax.sql.DataSource;

import io.observatory.storage.model.LogRecord;
import io.observatory.storage.model.MetricDataPoint;
import io.observatory.storage.model.SpanKind;
import io.observatory.storage.model.Status;
import io.observatory.storage.model.Trace;
import io.observatory.storage.model.TraceEvent;
import io.observatory.storage.model.TraceSpan;
import io.observatory.storage.testing.Database;
import io.observatory.storage.writer.LogWriter;
import io.observatory.storage.writer.MetricWriter;
import io.observatory.storage.writer.TraceWriter;
import io.observatory.storage.writer.Writer;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * How many records a second the writers store, through their public API with their
 * default configuration, on an embedded PostgreSQL with durable settings; beside it the
 * limit, the server's own {@code COPY … FROM 'file' (FORMAT binary)} of the same rows
 * into the same table in the same round. Run it by
 * {@code mvn -Pbench -pl observatory-storage-core verify}.
 * <p>
 * Arguments: rounds (default 5; one more comes first and is discarded), rows a round
 * (default 200000).
 */
public final class IngestBench {

	private static final int PRODUCERS = 2;

	private static final int SPANS_PER_TRACE = 10;

	private final EmbeddedPostgres server;

	private final DataSource dataSource;

	private final JdbcTemplate jdbc;

	private final int rounds;

	private final int rows;

	private final Path file;

	private IngestBench(EmbeddedPostgres server, int rounds, int rows) throws Exception {
		this.server = server;
		this.dataSource = server.getPostgresDatabase();
		this.jdbc = new JdbcTemplate(this.dataSource);
		this.rounds = rounds;
		this.rows = rows;
		// readable by the server, which may run as another user
		this.file = Files.createTempDirectory("observatory-bench").resolve("rows.bin");
		this.file.getParent().toFile().setWritable(true, false);
		this.file.getParent().toFile().setReadable(true, false);
		this.file.getParent().toFile().setExecutable(true, false);
	}

	public static void main(String[] args) throws Exception {
		int rounds = (args.length > 0) ? Integer.parseInt(args[0]) : 5;
		int rows = (args.length > 1) ? Integer.parseInt(args[1]) : 200_000;
		try (EmbeddedPostgres server = EmbeddedPostgres.builder()
			.setServerConfig("fsync", "on")
			.setServerConfig("synchronous_commit", "on")
			.setServerConfig("full_page_writes", "on")
			.setServerConfig("shared_buffers", "1GB")
			.setServerConfig("max_wal_size", "4GB")
			.start()) {
			new IngestBench(server, rounds, rows).run();
		}
	}

	private void run() {
		Database.migrate(this.dataSource, "observatory");
		for (String setting : List.of("server_version", "fsync", "synchronous_commit", "full_page_writes",
				"shared_buffers", "max_wal_size")) {
			System.out.printf("%s = %s%n", setting, this.jdbc.queryForObject("SHOW " + setting, String.class));
		}
		System.out.printf("%d rounds of %d rows, %d producers, port %d%n%n", this.rounds, this.rows, PRODUCERS,
				this.server.getPort());
		System.out.printf("%-20s %12s %12s %8s   (medians; [min..max])%n", "table", "rows/s", "limit", "ratio");
		measure("logs", LogWriter::new, (writer, n) -> writer.writeLog(log(n)));
		measure("metric_data_points", MetricWriter::new, (writer, n) -> writer.writeDataPoint(point(n)));
		measure("trace_events", TraceWriter::new, (writer, n) -> writer.writeEvent(event(n)));
		measure("traces", TraceWriter::new, (writer, n) -> writer.writeTrace(trace(n)));
		measure("trace_spans", TraceWriter::new, (writer, n) -> writer.writeSpan(span(n)));
	}

	private <W extends Writer> void measure(String table, Function<DataSource, W> factory, Write<W> write) {
		List<Double> ours = new ArrayList<>();
		List<Double> limits = new ArrayList<>();
		List<Double> ratios = new ArrayList<>();
		for (int round = 0; round <= this.rounds; round++) {
			double rate = ingest(table, factory, write);
			double limit = limit(table);
			if (round > 0) {
				ours.add(rate);
				limits.add(limit);
				ratios.add(rate / limit);
			}
		}
		System.out.printf(Locale.ROOT, "%-20s %12.0f %12.0f %8.2f   [%.0f..%.0f] [%.2f..%.2f]%n", table, median(ours),
				median(limits), median(ratios), min(ours), max(ours), min(ratios), max(ratios));
	}

	private <W extends Writer> double ingest(String table, Function<DataSource, W> factory, Write<W> write) {
		empty();
		CountDownLatch done = new CountDownLatch(PRODUCERS);
		try (W writer = factory.apply(this.dataSource)) {
			long begun = System.nanoTime();
			for (int producer = 0; producer < PRODUCERS; producer++) {
				long from = (long) producer * this.rows / PRODUCERS;
				long to = (long) (producer + 1) * this.rows / PRODUCERS;
				Thread thread = new Thread(() -> {
					for (long n = from; n < to; n++) {
						write.write(writer, n);
					}
					done.countDown();
				}, "producer-" + producer);
				thread.start();
			}
			done.await();
			writer.flush();
			double seconds = (System.nanoTime() - begun) / 1e9;
			verify(table);
			return this.rows / seconds;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * The server copies what was just stored. The limit of spans is the copy of the spans
	 * and of the traces that they imply.
	 */
	private double limit(String table) {
		List<String> tables = table.equals("trace_spans") ? List.of("traces", "trace_spans") : List.of(table);
		for (String each : tables) {
			this.jdbc
				.execute("COPY (SELECT * FROM observatory." + each + ") TO '" + this.file + each + "' (FORMAT binary)");
		}
		empty();
		long begun = System.nanoTime();
		for (String each : tables) {
			this.jdbc.execute("COPY observatory." + each + " FROM '" + this.file + each + "' (FORMAT binary)");
		}
		double seconds = (System.nanoTime() - begun) / 1e9;
		verify(table);
		return this.rows / seconds;
	}

	private void verify(String table) {
		Long count = this.jdbc.queryForObject("SELECT count(*) FROM observatory." + table, Long.class);
		if (count == null || count != this.rows) {
			throw new IllegalStateException(table + " has " + count + " rows, not " + this.rows);
		}
	}

	private void empty() {
		this.jdbc.execute("TRUNCATE observatory.traces, observatory.trace_spans, observatory.trace_events, "
				+ "observatory.metrics, observatory.metric_data_points, observatory.logs");
		this.jdbc.execute("CHECKPOINT");
	}

	private static double median(List<Double> values) {
		double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
		return sorted[sorted.length / 2];
	}

	private static double min(List<Double> values) {
		return Arrays.stream(values.toArray(Double[]::new)).mapToDouble(Double::doubleValue).min().orElse(0);
	}

	private static double max(List<Double> values) {
		return Arrays.stream(values.toArray(Double[]::new)).mapToDouble(Double::doubleValue).max().orElse(0);
	}

	private static LogRecord log(long n) {
		return LogRecord.builder()
			.timestamp(time(n))
			.observedTimestamp(time(n))
			.severityNumber(9)
			.severityText("INFO")
			.body("Completed request " + n
					+ " to the model in 482 ms, 1203 tokens in, 311 tokens out, finish reason stop")
			.serviceName("service-" + n % 8)
			.traceId(hex.apply(n / SPANS_PER_TRACE))
			.spanId(hex.apply(n).substring(16))
			.traceFlags(1)
			.attributes(Map.of("http.route", "/v1/chat", "http.status_code", 200, "thread.name", "worker-" + n % 16,
					"gen_ai.request.model", "model-large", "user.id", "u" + n % 1000))
			.resourceAttributes(Map.of("service.name", "service-" + n % 8, "service.instance.id", "pod-7f9c",
					"host.name", "node-3"))
			.scopeName("io.example.chat.ChatService")
			.scopeVersion("2.1.0")
			.build();
	}

	private static MetricDataPoint point(long n) {
		return MetricDataPoint.builder()
			.metricName("gen_ai.client.token.usage." + n % 50)
			.serviceName("service-" + n % 8)
			.timestamp(time(n))
			.value(n * 0.5)
			.attributes(Map.of("gen_ai.request.model", "model-large", "gen_ai.token.type", "input"))
			.build();
	}

	private static TraceEvent event(long n) {
		return TraceEvent.builder()
			.traceId(hex.apply(n / SPANS_PER_TRACE))
			.spanId(hex.apply(n).substring(16))
			.name("gen_ai.choice")
			.timestamp(time(n))
			.attributes(Map.of("index", 0, "finish_reason", "stop", "gen_ai.system", "openai"))
			.build();
	}

	private static Trace trace(long n) {
		return Trace.builder()
			.traceId(hex.apply(n))
			.serviceName("service-" + n % 8)
			.startTime(time(n))
			.endTime(time(n + 500_000))
			.status(Status.OK)
			.rootSpanName("POST /v1/chat")
			.attributes(Map.of("user.id", "u" + n % 1000, "session.id", "s" + n % 5000))
			.resourceAttributes(Map.of("service.name", "service-" + n % 8, "host.name", "node-3"))
			.build();
	}

	private static TraceSpan span(long n) {
		return TraceSpan.builder()
			.traceId(hex.apply(n / SPANS_PER_TRACE))
			.spanId(hex.apply(n).substring(16))
			.parentSpanId((n % SPANS_PER_TRACE == 0) ? null : hex.apply(n - n % SPANS_PER_TRACE).substring(16))
			.name("chat model-large")
			.kind(SpanKind.CLIENT)
			.serviceName("service-" + n % 8)
			.startTime(time(n))
			.endTime(time(n + 250_000))
			.status(Status.OK)
			.attributes(Map.of("gen_ai.operation.name", "chat", "gen_ai.provider.name", "openai",
					"gen_ai.request.model", "model-large", "gen_ai.response.model", "model-large-2026-05",
					"gen_ai.usage.input_tokens", 1203, "gen_ai.usage.output_tokens", 311, "gen_ai.request.temperature",
					0.7, "server.address", "api.example.com", "gen_ai.response.finish_reasons", List.of("stop")))
			.build();
	}

	/**
	 * Ids as random as real ones, but the same in each run: a bijection of the number.
	 */
	private static final LongFunction<String> hex = (n) -> {
		long mixed = (n + 1) * 0x9E3779B97F4A7C15L;
		mixed ^= mixed >>> 32;
		return HexFormat.of().toHexDigits(mixed * 0xBF58476D1CE4E5B9L) + HexFormat.of().toHexDigits(mixed);
	};

	private static Instant time(long n) {
		return Instant.EPOCH.plusSeconds(1_790_000_000L).plusNanos(n * 1000);
	}

	/**
	 * Writes the record of a number.
	 *
	 * @param <W> the writer's type
	 */
	private interface Write<W> {

		void write(W writer, long number);

	}

}
