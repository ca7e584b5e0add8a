package io.observatory.storage.fault;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.testing.Database;
import io.observatory.storage.testing.Engine;
import io.observatory.storage.writer.LogWriter;
import io.observatory.storage.writer.TraceWriter;
import io.observatory.storage.writer.Writer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Workers of Citus crash while writers write: one of their processes is killed, all their
 * sessions end, and they recover from their log. The coordinator's COMMIT has decided
 * what they store.
 */
@Tag("faults")
class CitusWorkerIT {

	private static final int CRASHES = Length.of(20, 3);

	private static final int PER_SECOND = 500;

	private static final long SEED = 20_260_329;

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private final Database database = Database.get();

	private final Ledger ledger = new Ledger();

	@BeforeEach
	void clear() {
		Assumptions.assumeTrue(this.database.engine() == Engine.CITUS, "it needs a running Citus: docs/scale.md");
		this.database.clear();
	}

	@Test
	void whatWasAcceptedIsStoredOnceWhateverWorkerCrashes() {
		long begun = System.nanoTime();
		TraceWriter traces = new TraceWriter(this.database.dataSource(), WriterConfig.traces().build());
		LogWriter logs = new LogWriter(this.database.dataSource(), WriterConfig.logs().build());
		try (traces; logs) {
			traces.startAutoFlush();
			logs.startAutoFlush();
			try (Traffic traffic = new Traffic(this.ledger)) {
				traffic.start(traces, Subject.SPANS, PER_SECOND).start(logs, Subject.LOGS, PER_SECOND);
				crashWorkers();
			}
			Awaitility.await().atMost(PATIENCE).until(() -> isEmpty(traces) && isEmpty(logs));
		}
		Awaitility.await().atMost(PATIENCE).until(() -> verdict(traces, logs).lost() == 0);
		FaultReport.scenario("15-citus-worker", verdict(traces, logs), Duration.ofNanos(System.nanoTime() - begun),
				Map.of("crashes", CRASHES, "retries", traces.writeStats().retries() + logs.writeStats().retries()));
		verdict(traces, logs).assertAllStored();
		assertThat(this.database.rows("SELECT t.id FROM observatory.traces t LEFT JOIN observatory.trace_spans s "
				+ "ON s.trace_id = t.id GROUP BY t.id, t.span_count HAVING t.span_count <> count(s.span_id)"))
			.as("traces whose span count is wrong")
			.isEmpty();
	}

	/**
	 * Rows of a worker that was down between PREPARE and COMMIT come with its recovery.
	 */
	private Verdict verdict(TraceWriter traces, LogWriter logs) {
		this.database.rows("SELECT recover_prepared_transactions()");
		return this.ledger.verdict(this.database.jdbc(), traces, logs);
	}

	private static boolean isEmpty(Writer writer) {
		return writer.writeStats().buffered() + writer.writeStats().inFlight() == 0;
	}

	private void crashWorkers() {
		List<Integer> ports = this.database.jdbc()
			.queryForList("SELECT nodeport FROM pg_dist_node WHERE groupid <> 0 ORDER BY 1", Integer.class);
		Random random = new Random(SEED);
		for (int crash = 0; crash < CRASHES; crash++) {
			LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200 + random.nextInt(1500)));
			crash(worker(ports.get(random.nextInt(ports.size()))));
		}
	}

	/** The workers run on this machine, which the coordinator knows as its neighbours. */
	private static void crash(JdbcTemplate worker) {
		Long checkpointer = worker
			.queryForObject("SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'", Long.class);
		ProcessHandle process = ProcessHandle.of(checkpointer).orElseThrow();
		PostgresProcess.signal("KILL", List.of(process));
		Awaitility.await().atMost(PATIENCE).until(() -> !process.isAlive());
		Awaitility.await()
			.atMost(PATIENCE)
			.ignoreExceptions()
			.until(() -> worker.queryForObject("SELECT NOT pg_is_in_recovery()", Boolean.class));
	}

	private static JdbcTemplate worker(int port) {
		PGSimpleDataSource dataSource = new PGSimpleDataSource();
		dataSource.setUrl("jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres");
		return new JdbcTemplate(dataSource);
	}

}
