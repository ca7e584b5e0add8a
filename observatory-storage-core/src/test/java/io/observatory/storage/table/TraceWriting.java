package io.observatory.storage.table;

import java.time.Duration;
import java.util.Collection;
import java.util.List;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.model.Trace;
import io.observatory.storage.model.TraceSpan;
import io.observatory.storage.session.WriteMethod;
import io.observatory.storage.stats.WriteStats;
import io.observatory.storage.writer.TraceWriter;
import org.awaitility.Awaitility;

import org.springframework.jdbc.core.JdbcTemplate;

/**
 * What the processes that write a scenario have in common. Knows nothing of the embedded
 * PostgreSQL, which would start with it in each process.
 */
public final class TraceWriting {

	static final int TRACES = 1000;

	static final int LARGEST_TRACE = 3000;

	/** How our sessions are found in pg_stat_activity. */
	public static final String APPLICATION = "trace-assembly";

	private TraceWriting() {
	}

	static List<Record> records() {
		return TraceScenario.records(42, TRACES, LARGEST_TRACE);
	}

	public static HikariDataSource pool(int port) {
		HikariConfig config = new HikariConfig();
		config.setJdbcUrl("jdbc:postgresql://localhost:%d/postgres?user=postgres&ApplicationName=%s".formatted(port,
				APPLICATION));
		config.setMaximumPoolSize(8);
		return new HikariDataSource(config);
	}

	/** A session hands in its statistics when it ends at the latest. */
	public static void awaitStatistics(JdbcTemplate jdbc) {
		Awaitility.await()
			.atMost(Duration.ofSeconds(20))
			.until(() -> jdbc.queryForObject("SELECT count(*) FROM pg_stat_activity WHERE application_name = ?",
					Long.class, APPLICATION) == 0);
	}

	/** Small batches in most orders, so that traces lie in several of them. */
	public static WriterConfig config(WriteMethod method, int order) {
		int rows = new int[] { 200, 150, 700, 2000 }[order % 4];
		return WriterConfig.traces()
			.writeMethod(method)
			.batchSize(Math.min(rows, 100))
			.maxBatchRows(rows)
			.flushTimeout(Duration.ofSeconds(60))
			.closeTimeout(Duration.ofSeconds(60))
			.build();
	}

	public static void write(TraceWriter writer, Collection<Record> records) {
		for (Record record : records) {
			if (record instanceof Trace trace) {
				writer.writeTrace(trace);
			}
			else {
				writer.writeSpan((TraceSpan) record);
			}
		}
	}

	/** What is compared of the statistics, as one line. */
	public static String told(WriteStats stats) {
		return "accepted %d stored %d deadLettered %d dropped %d buffered %d inFlight %d".formatted(stats.accepted(),
				stats.stored(), stats.deadLettered(), stats.droppedTotal(), stats.buffered(), stats.inFlight());
	}

	/** What {@link #told} must be when all records were stored. */
	static String allStored(int records) {
		return "accepted %d stored %d deadLettered 0 dropped 0 buffered 0 inFlight 0".formatted(records, records);
	}

}
