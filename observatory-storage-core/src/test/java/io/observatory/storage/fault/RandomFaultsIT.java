package io.observatory.storage.fault;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;

import javax.sql.DataSource;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.observatory.storage.config.StorageConfig;
import io.observatory.storage.config.StoragePool;
import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.fault.CuttingProxy.Moment;
import io.observatory.storage.writer.LogWriter;
import io.observatory.storage.writer.MetricWriter;
import io.observatory.storage.writer.TraceWriter;
import io.observatory.storage.writer.Writer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * One fault after the other, in an order left to chance, while three writers write:
 * nothing is lost, nothing is stored twice, and ten seconds after the server is ready
 * again rows are stored again.
 */
@Tag("faults")
class RandomFaultsIT {

	private static final String SCENARIO = "2-random-faults";

	private static final long SEED = 20_260_329;

	private static final Duration RECOVERY = Duration.ofSeconds(10);

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final Plan SHORT = new Plan(Duration.ofSeconds(4), Duration.ofSeconds(2), Map
		.of(Fault.TERMINATE_BACKEND, 3, Fault.KILL_BACKEND, 1, Fault.KILL_SERVER, 1, Fault.FREEZE, 1, Fault.CUT, 1));

	private static final Plan FULL = new Plan(Duration.ofMinutes(10), Duration.ofSeconds(45), Map
		.of(Fault.TERMINATE_BACKEND, 100, Fault.KILL_BACKEND, 10, Fault.KILL_SERVER, 3, Fault.FREEZE, 2, Fault.CUT, 5));

	/** A row that is merged hides that it came twice, so that one cut may go unseen. */
	private static final Plan CUTS = new Plan(Duration.ofSeconds(4), Duration.ZERO, Map.of(Fault.CUT, 12));

	private final PostgresProcess server = PostgresProcess.migrated("max_wal_size=2GB");

	private final CuttingProxy proxy = new CuttingProxy(this.server.port());

	private Duration slowest = Duration.ZERO;

	@BeforeAll
	static void quieten() {
		// it would say with a stack trace that a connection is broken
		((Logger) LoggerFactory.getLogger("com.zaxxer.hikari")).setLevel(Level.ERROR);
	}

	@AfterEach
	void close() {
		this.proxy.close();
		this.server.close();
	}

	@Test
	void nothingIsLostAndNothingIsStoredTwice() {
		Plan plan = Length.isFull() ? FULL : SHORT;
		long begun = System.nanoTime();
		Verdict verdict = whileTheyWrite(plan, UnaryOperator.identity());
		Map<String, Object> figures = new LinkedHashMap<>();
		figures.put("secondsUntilStoringAgain", this.slowest.toMillis() / 1000.0);
		figures.put("seed", SEED);
		figures.put("faults", new EnumMap<>(plan.faults()));
		FaultReport.scenario(SCENARIO, verdict, Duration.ofNanos(System.nanoTime() - begun), figures);
		verdict.assertAllStored();
	}

	/** Without the lane's condition the cut COMMITs store rows twice. */
	@Test
	void withoutTheLaneTheScenarioIsSeenToFail() {
		Assumptions.assumeTrue(Length.isFull());
		Verdict verdict = whileTheyWrite(CUTS, SqlHook::laneOff);
		FaultReport.sabotage("lane off", SCENARIO, !verdict.isKept());
		assertThat(verdict.duplicated()).as("rows stored twice").isPositive();
	}

	private Verdict whileTheyWrite(Plan plan, UnaryOperator<DataSource> sabotage) {
		Ledger ledger = new Ledger();
		WriterConfig config = WriterConfig.traces().maxBufferBytes(128L << 20).build();
		try (StoragePool pool = pool()) {
			DataSource dataSource = sabotage.apply(pool.dataSource());
			try (LogWriter logs = new LogWriter(dataSource, config);
					MetricWriter metrics = new MetricWriter(dataSource, config);
					TraceWriter traces = new TraceWriter(dataSource, config)) {
				List<Writer> writers = List.of(logs, metrics, traces);
				try (Traffic traffic = new Traffic(ledger)) {
					traffic.start(logs, Subject.LOGS, 2000)
						.start(metrics, Subject.POINTS, 2000)
						.start(traces, Subject.SPANS, 1000);
					awaitStoring(writers);
					carryOut(plan, writers);
				}
				Awaitility.await().atMost(PATIENCE).untilAsserted(() -> writers.forEach(Writer::flush));
				assertThat(ledger.refused()).as("refused").isZero();
				return ledger.verdict(this.server.jdbc(), logs, metrics, traces);
			}
		}
	}

	/** A fault comes when it is due, but not before the one before it is over. */
	private void carryOut(Plan plan, List<Writer> writers) {
		List<Fault> faults = plan.shuffled(new Random(SEED));
		long begun = System.nanoTime();
		for (int i = 0; i < faults.size(); i++) {
			await(plan.length().multipliedBy(i).dividedBy(faults.size()), begun);
			faults.get(i).strike(this, plan);
			long ready = System.nanoTime();
			awaitStoring(writers);
			Duration took = Duration.ofNanos(System.nanoTime() - ready);
			this.slowest = (took.compareTo(this.slowest) > 0) ? took : this.slowest;
		}
		await(plan.length(), begun);
	}

	private static void await(Duration due, long begun) {
		Duration left = due.minusNanos(System.nanoTime() - begun);
		if (!left.isNegative()) {
			Awaitility.await().pollDelay(left).atMost(left.plusSeconds(10)).until(() -> true);
		}
	}

	private static void awaitStoring(List<Writer> writers) {
		List<Long> before = stored(writers);
		Awaitility.await()
			.pollInterval(Duration.ofMillis(20))
			.atMost(RECOVERY)
			.untilAsserted(() -> assertThat(stored(writers)).zipSatisfy(before,
					(now, then) -> assertThat(now).isGreaterThan(then)));
	}

	private static List<Long> stored(List<Writer> writers) {
		return writers.stream().map((writer) -> writer.writeStats().stored()).toList();
	}

	/** Returns one of the writers' sessions, one that is in a transaction if there is. */
	private long session() {
		List<Long> sessions = new ArrayList<>();
		Awaitility.await().atMost(PATIENCE).until(() -> {
			sessions.addAll(
					this.server.jdbc()
						.queryForList("SELECT pid FROM pg_stat_activity WHERE application_name = '"
								+ StorageConfig.DEFAULT_APPLICATION_NAME + "' ORDER BY state = 'idle', random()",
								Long.class));
			return !sessions.isEmpty();
		});
		return sessions.get(0);
	}

	/** Returns a process that is a new one when the server has restarted by itself. */
	private Long checkpointer() {
		return this.server.jdbc()
			.queryForObject("SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'", Long.class);
	}

	private StoragePool pool() {
		String url = "jdbc:postgresql://localhost:" + this.proxy.port()
				+ "/postgres?user=postgres&sslmode=disable&gssEncMode=disable";
		return new StoragePool(StorageConfig.fromEnv(Map.of("DATABASE_URL", url, "DB_POOL_MAX_SIZE", "12")));
	}

	/**
	 * What may happen; each is over when the server is ready.
	 */
	private enum Fault {

		TERMINATE_BACKEND {
			@Override
			void strike(RandomFaultsIT test, Plan plan) {
				test.server.jdbc().queryForList("SELECT pg_terminate_backend(" + test.session() + "::int)");
			}
		},

		/** PostgreSQL ends all other sessions as well, and restarts. */
		KILL_BACKEND {
			@Override
			void strike(RandomFaultsIT test, Plan plan) {
				Long before = test.checkpointer();
				test.server.kill(test.session());
				Awaitility.await().atMost(PATIENCE).ignoreExceptions().until(() -> !before.equals(test.checkpointer()));
			}
		},

		KILL_SERVER {
			@Override
			void strike(RandomFaultsIT test, Plan plan) {
				test.server.kill();
				test.server.start();
			}
		},

		FREEZE {
			@Override
			void strike(RandomFaultsIT test, Plan plan) {
				test.server.freeze();
				await(plan.freeze(), System.nanoTime());
				test.server.thaw();
				test.server.awaitReady();
			}
		},

		CUT {
			@Override
			void strike(RandomFaultsIT test, Plan plan) {
				int before = test.proxy.cuts();
				test.proxy.cutNextCommits(Moment.AFTER_COMMIT);
				Awaitility.await().atMost(PATIENCE).until(() -> test.proxy.cuts() > before);
			}
		};

		abstract void strike(RandomFaultsIT test, Plan plan);

	}

	/**
	 * What is to happen.
	 *
	 * @param length for how long
	 * @param freeze how long the server is frozen each time
	 * @param faults how often each happens
	 */
	private record Plan(Duration length, Duration freeze, Map<Fault, Integer> faults) {

		List<Fault> shuffled(Random random) {
			List<Fault> order = new ArrayList<>();
			new EnumMap<>(this.faults).forEach((fault, times) -> order.addAll(Collections.nCopies(times, fault)));
			Collections.shuffle(order, random);
			return order;
		}

	}

}
