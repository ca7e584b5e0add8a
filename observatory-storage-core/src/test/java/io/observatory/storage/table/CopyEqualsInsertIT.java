package io.observatory.storage.table;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import com.zaxxer.hikari.HikariDataSource;
import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.model.LogRecord;
import io.observatory.storage.model.Metric;
import io.observatory.storage.model.MetricDataPoint;
import io.observatory.storage.model.Score;
import io.observatory.storage.model.Trace;
import io.observatory.storage.model.TraceEvent;
import io.observatory.storage.model.TraceSpan;
import io.observatory.storage.session.WriteMethod;
import io.observatory.storage.stats.WriteStats;
import io.observatory.storage.testing.Arbitraries;
import io.observatory.storage.testing.Database;
import io.observatory.storage.testing.StoredRows;
import io.observatory.storage.writer.LogWriter;
import io.observatory.storage.writer.MetricWriter;
import io.observatory.storage.writer.TraceWriter;
import io.observatory.storage.writer.Writer;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whatever is written, and however it is cut into batches: the tables hold the same rows
 * in the end, whether they came by COPY or by INSERT.
 */
@Tag("faults")
class CopyEqualsInsertIT {

	private static final List<String> TABLES = List.of("traces", "trace_spans", "trace_events", "metrics",
			"metric_data_points", "logs", "scores");

	private static final String COPIED = "observatory";

	private static final String INSERTED = "inserted";

	/** So many batches would spend most of their time on connecting. */
	private static HikariDataSource pool;

	private final Database database = Database.get();

	@BeforeContainer
	static void migrate() {
		Database.migrate(Database.get().dataSource(), INSERTED);
		pool = new HikariDataSource();
		pool.setDataSource(Database.get().dataSource());
		pool.setMaximumPoolSize(12);
	}

	@AfterContainer
	static void close() {
		pool.close();
	}

	@Property(seed = "20260329", edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
	void copyAndInsertStoreTheSameRows(@ForAll("records") List<Record> records, @ForAll("slots") int copySlots,
			@ForAll("slots") int insertSlots, @ForAll("batchSizes") int copyBatch,
			@ForAll("batchSizes") int insertBatch) {
		empty();
		write(records, config(COPIED, WriteMethod.COPY, copySlots, copyBatch));
		write(records, config(INSERTED, WriteMethod.INSERT, insertSlots, insertBatch));
		assertThat(stored(INSERTED)).isEqualTo(stored(COPIED));
	}

	/**
	 * Metrics apart: of these the one written last is to stay.
	 */
	@Property(seed = "20260330", edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
	void theOrderOfArrivalDoesNotMatter(@ForAll("records") List<Record> records, @ForAll long order,
			@ForAll("batchSizes") int batch, @ForAll("batchSizes") int shuffledBatch) {
		empty();
		List<Record> ordered = records.stream().filter((record) -> !(record instanceof Metric)).toList();
		List<Record> shuffled = new ArrayList<>(ordered);
		Collections.shuffle(shuffled, new Random(order));
		write(ordered, config(COPIED, WriteMethod.COPY, 1, batch));
		write(shuffled, config(INSERTED, WriteMethod.COPY, 4, shuffledBatch));
		assertThat(stored(INSERTED)).isEqualTo(stored(COPIED));
	}

	@Provide
	Arbitrary<List<Record>> records() {
		return Arbitraries.records().list().ofMinSize(200).ofMaxSize(300);
	}

	@Provide
	Arbitrary<Integer> slots() {
		return net.jqwik.api.Arbitraries.of(1, 4);
	}

	/** Batches that go as parameters, that are staged, and all at once. */
	@Provide
	Arbitrary<Integer> batchSizes() {
		return net.jqwik.api.Arbitraries.of(20, 100, 10_000);
	}

	private void write(List<Record> records, WriterConfig config) {
		LogWriter logs = new LogWriter(pool, config);
		MetricWriter metrics = new MetricWriter(pool, config);
		TraceWriter traces = new TraceWriter(pool, config);
		try (logs; metrics; traces) {
			for (Record record : records) {
				write(record, logs, metrics, traces);
			}
		}
		long accepted = addsUp(logs) + addsUp(metrics) + addsUp(traces);
		assertThat(accepted).isEqualTo(records.size());
	}

	private static void write(Record record, LogWriter logs, MetricWriter metrics, TraceWriter traces) {
		if (record instanceof LogRecord log) {
			logs.writeLog(log);
		}
		else if (record instanceof Metric metric) {
			metrics.writeMetric(metric);
		}
		else if (record instanceof MetricDataPoint point) {
			metrics.writeDataPoint(point);
		}
		else if (record instanceof Trace trace) {
			traces.writeTrace(trace);
		}
		else if (record instanceof TraceSpan span) {
			traces.writeSpan(span);
		}
		else if (record instanceof Score score) {
			traces.writeScore(score);
		}
		else {
			traces.writeEvent((TraceEvent) record);
		}
	}

	/** Nothing that the door lets in is refused by the server. */
	private static long addsUp(Writer writer) {
		WriteStats stats = writer.writeStats();
		assertThat(stats.stored()).as(writer.name()).isEqualTo(stats.accepted());
		assertThat(stats.stored() + stats.deadLettered() + stats.droppedTotal() + stats.buffered() + stats.inFlight())
			.as(writer.name())
			.isEqualTo(stats.accepted());
		return stats.accepted();
	}

	private WriterConfig config(String schema, WriteMethod method, int slots, int batchSize) {
		return WriterConfig.logs()
			.schema(schema)
			.writeMethod(method)
			.maxConcurrency(slots)
			.batchSize(batchSize)
			.synchronousCommit(false)
			.build();
	}

	private Map<String, List<String>> stored(String schema) {
		Map<String, List<String>> stored = new LinkedHashMap<>();
		for (String table : TABLES) {
			stored.put(table, StoredRows.asText(this.database, schema, table));
		}
		return stored;
	}

	private void empty() {
		for (String schema : List.of(COPIED, INSERTED)) {
			this.database.jdbc()
				.execute(
						"DELETE FROM %1$s.trace_spans; DELETE FROM %1$s.traces; DELETE FROM %1$s.trace_events; DELETE FROM %1$s.metrics; DELETE FROM %1$s.metric_data_points; DELETE FROM %1$s.logs; DELETE FROM %1$s.scores"
							.formatted(schema));
		}
	}

}
