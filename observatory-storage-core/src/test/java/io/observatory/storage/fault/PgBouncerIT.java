package io.observatory.storage.fault;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import javax.sql.DataSource;

import io.observatory.storage.config.StorageConfig;
import io.observatory.storage.config.StoragePool;
import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.error.StorageException;
import io.observatory.storage.testing.Database;
import io.observatory.storage.testing.Engine;
import io.observatory.storage.testing.NotOn;
import io.observatory.storage.upkeep.Partitions;
import io.observatory.storage.writer.LogWriter;
import io.observatory.storage.writer.MetricWriter;
import io.observatory.storage.writer.TraceWriter;
import io.observatory.storage.writer.Writer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * As databases are run in earnest: behind a pooler that hands each transaction another
 * connection, by a role that has the rights of {@code docs/database-rights.md} and no
 * others, on tables with row-level security. Connections are ended all the time. A role
 * that only reads has the rights documented for it.
 */
@Tag("faults")
@NotOn(value = Engine.CITUS, because = "its servers are its own")
@NotOn(value = Engine.TIMESCALEDB, because = "its servers are its own")
class PgBouncerIT {

	private static final Duration DURATION = Length.of(Duration.ofSeconds(30), Duration.ofSeconds(2));

	private static final Path RIGHTS = Path.of("..", "docs", "database-rights.md");

	private static final String OWNER = "observatory_owner";

	private static final String WRITER = "observatory_writer";

	private static final int PER_SECOND = 500;

	/** Fewer than the writers have slots. */
	private static final int SERVER_CONNECTIONS = 3;

	private static PostgresProcess server;

	private static JdbcTemplate admin;

	@BeforeAll
	static void prepare() throws IOException {
		server = PostgresProcess.initialize();
		server.start();
		admin = server.jdbc();
		admin.execute("REVOKE ALL ON DATABASE postgres FROM PUBLIC; REVOKE ALL ON SCHEMA public FROM PUBLIC");
		admin.execute(documented("The owner", 0));
		Database.migrate(as(OWNER), "observatory");
		admin.execute(documented("The writer", 1));
		new JdbcTemplate(as(OWNER)).execute(documented("The writer", 0));
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@BeforeEach
	void clear() {
		admin.execute("GRANT TEMPORARY ON DATABASE postgres TO observatory_writer; "
				+ "TRUNCATE observatory.traces, observatory.trace_spans, observatory.trace_events, observatory.scores, observatory.metrics, "
				+ "observatory.metric_data_points, observatory.logs, observatory.lanes, observatory.dead_letters");
	}

	@Test
	void behindPgBouncerInTransactionModeNothingIsLost() {
		Optional<Path> program = PgBouncer.program();
		if (program.isEmpty()) {
			FaultReport.skipped("10-pgbouncer", "pgbouncer is not installed");
			Assumptions.abort("pgbouncer is not installed");
		}
		try (PgBouncer bouncer = PgBouncer.start(program.get(), server, SERVER_CONNECTIONS, WRITER)) {
			run("10-pgbouncer", bouncer.jdbcUrl(WRITER) + "&prepareThreshold=0", () -> {
			});
		}
	}

	@Test
	void theDocumentedRightsAreEnough() {
		run("10-least-privileges", urlOf(WRITER), () -> {
			admin.execute("DELETE FROM observatory.lanes");
			upkeep();
		});
	}

	@Test
	void theRightToTemporaryTablesIsNotNeeded() {
		admin.execute("REVOKE TEMPORARY ON DATABASE postgres FROM observatory_writer");
		run("10-least-privileges-without-temporary", urlOf(WRITER),
				() -> admin.execute("DELETE FROM observatory.lanes"));
	}

	@Test
	void rowLevelSecurityMakesTheRowsGoByInsert() {
		for (Subject subject : Subject.values()) {
			String table = "observatory." + subject.table();
			admin.execute("ALTER TABLE %1$s ENABLE ROW LEVEL SECURITY; CREATE POLICY all_rows ON %1$s USING (true)"
				.formatted(table));
		}
		try {
			run("10-row-level-security", urlOf(WRITER), () -> {
			});
		}
		finally {
			for (Subject subject : Subject.values()) {
				String table = "observatory." + subject.table();
				admin.execute(
						"DROP POLICY all_rows ON %1$s; ALTER TABLE %1$s DISABLE ROW LEVEL SECURITY".formatted(table));
			}
		}
	}

	/** A row that the server refuses is put aside by the same rights. */
	@Test
	void aPoisonRowIsPutAsideWithTheDocumentedRights() {
		admin.execute("ALTER TABLE observatory.logs ADD CONSTRAINT no_poison CHECK (severity_number <> 8)");
		LogWriter logs = new LogWriter(as(WRITER), WriterConfig.logs().build());
		try (logs) {
			for (int i = 0; i < 100; i++) {
				Subject.LOGS.write(logs, i);
			}
			assertThat(logs.flush().deadLettered()).isEqualTo(4);
		}
		finally {
			admin.execute("ALTER TABLE observatory.logs DROP CONSTRAINT no_poison");
		}
		Stored.assertSettled(logs, 96, 4, 0);
		assertThat(admin.queryForObject("SELECT count(*) FROM observatory.dead_letters", Long.class)).isEqualTo(4);
	}

	@Test
	void whoReadsMayAskAllViewsAndWriteNothing() throws IOException {
		admin.execute("CREATE ROLE observatory_reader LOGIN; CREATE ROLE observatory_accounts LOGIN");
		admin.execute(documented("Retention and reading", 2));
		admin.execute("GRANT CONNECT ON DATABASE postgres TO observatory_accounts; "
				+ "GRANT USAGE ON SCHEMA observatory TO observatory_accounts; "
				+ "GRANT SELECT ON observatory.llm_usage_by_day TO observatory_accounts");
		List<String> views = admin.queryForList("SELECT viewname FROM pg_views WHERE schemaname = 'observatory'",
				String.class);
		JdbcTemplate reader = new JdbcTemplate(as("observatory_reader"));
		assertThat(views).isNotEmpty()
			.allSatisfy((view) -> assertThat(reader.queryForList("SELECT * FROM observatory." + view)).isEmpty());
		assertThatThrownBy(() -> reader.update("DELETE FROM observatory.logs"))
			.hasStackTraceContaining("permission denied for table logs");
		JdbcTemplate accounts = new JdbcTemplate(as("observatory_accounts"));
		assertThat(accounts.queryForList("SELECT * FROM observatory.llm_usage_by_day")).isEmpty();
		assertThatThrownBy(() -> accounts.queryForList("SELECT * FROM observatory.trace_spans"))
			.hasStackTraceContaining("permission denied for table trace_spans");
	}

	private void run(String scenario, String url, Incident incident) {
		long begun = System.nanoTime();
		Ledger ledger = new Ledger();
		try (StoragePool pool = new StoragePool(
				StorageConfig.fromEnv(Map.of("DATABASE_URL", url, "DB_POOL_MAX_SIZE", "12")))) {
			LogWriter logs = new LogWriter(pool.dataSource());
			MetricWriter metrics = new MetricWriter(pool.dataSource());
			TraceWriter traces = new TraceWriter(pool.dataSource());
			Map<Subject, Writer> writers = new EnumMap<>(
					Map.of(Subject.TRACES, traces, Subject.SPANS, traces, Subject.EVENTS, traces, Subject.SCORES,
							traces, Subject.METRICS, metrics, Subject.POINTS, metrics, Subject.LOGS, logs));
			int killed;
			try (logs; metrics; traces) {
				try (Traffic traffic = new Traffic(ledger)) {
					writers.forEach((subject, writer) -> traffic.start(writer, subject, PER_SECOND));
					killed = endConnections(begun, incident, List.of(logs, metrics, traces));
				}
				flush(logs, metrics, traces);
			}
			Verdict verdict = ledger.verdict(admin, logs, metrics, traces);
			Map<String, Object> figures = new LinkedHashMap<>();
			figures.put("connectionsEnded", killed);
			figures.put("retries",
					logs.writeStats().retries() + metrics.writeStats().retries() + traces.writeStats().retries());
			FaultReport.scenario(scenario, verdict, Duration.ofNanos(System.nanoTime() - begun), figures);
			assertThat(killed).as("connections ended").isPositive();
			verdict.assertAllStored();
			assertThat(verdict.deadLettered() + verdict.dropped()).as("given up").isZero();
			assertThat(ledger.refused()).as("refused").isZero();
		}
	}

	/**
	 * Ends those of the role's connections that are at something; on a slow machine it
	 * may take longer to find one.
	 */
	private int endConnections(long begun, Incident incident, List<Writer> writers) {
		int ended = 0;
		boolean happened = false;
		while (System.nanoTime() - begun < ((ended > 0) ? 1 : 10) * DURATION.toNanos()) {
			Integer now = admin.queryForObject("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
					+ "WHERE usename = ? AND state <> 'idle'", Integer.class, WRITER);
			ended += (now != null) ? now : 0;
			if (!happened && System.nanoTime() - begun > DURATION.toNanos() / 2) {
				// no COMMIT is in doubt then: without its lane nobody could tell
				flush(writers.toArray(Writer[]::new));
				incident.happen();
				happened = true;
			}
			LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
		}
		return ended;
	}

	private static void flush(Writer... writers) {
		Awaitility.await()
			.atMost(Duration.ofSeconds(30))
			.ignoreExceptionsInstanceOf(StorageException.class)
			.until(() -> {
				Stream.of(writers).forEach(Writer::flush);
				return true;
			});
	}

	private static void upkeep() {
		Partitions partitions = new Partitions(as(WRITER), "observatory");
		assertThat(partitions.make(16)).as("partitions made").isEqualTo(2 * partitionedTables());
		assertThat(partitions.ahead()).isEqualTo(16);
		assertThat(partitions.deleteLanes()).isZero();
	}

	private static int partitionedTables() {
		Integer tables = admin.queryForObject(
				"SELECT count(*) FROM pg_class WHERE relnamespace = 'observatory'::regnamespace AND relkind = 'p'",
				Integer.class);
		return (tables != null) ? tables : 0;
	}

	private static DataSource as(String user) {
		PGSimpleDataSource dataSource = new PGSimpleDataSource();
		dataSource.setUrl(urlOf(user));
		return dataSource;
	}

	private static String urlOf(String user) {
		return "jdbc:postgresql://127.0.0.1:" + server.port() + "/postgres?user=" + user;
	}

	/**
	 * Returns a block of SQL from the page about rights, for the database of the test.
	 */
	private static String documented(String chapter, int block) throws IOException {
		String page = Files.readString(RIGHTS);
		String text = page.substring(page.indexOf("\n## " + chapter + "\n"));
		List<String> blocks = Pattern.compile("```sql\n(.*?)```", Pattern.DOTALL)
			.matcher(text)
			.results()
			.map((MatchResult result) -> result.group(1))
			.toList();
		return blocks.get(block).replace("DATABASE app", "DATABASE postgres");
	}

	/** What happens besides half way. */
	private interface Incident {

		void happen();

	}

}
