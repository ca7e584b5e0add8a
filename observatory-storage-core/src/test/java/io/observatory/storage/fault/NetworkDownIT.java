package io.observatory.storage.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;

import javax.sql.DataSource;

import io.observatory.storage.config.StorageConfig;
import io.observatory.storage.config.StoragePool;
import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.error.StorageException;
import io.observatory.storage.testing.Database;
import io.observatory.storage.writer.LogWriter;
import io.observatory.storage.writer.MetricWriter;
import io.observatory.storage.writer.TraceWriter;
import io.observatory.storage.writer.Writer;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.AbstractDataSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The network goes down, and neither side is told: no reset comes, each waits for the
 * other. The server runs in a network namespace of its own.
 */
@Tag("faults")
class NetworkDownIT {

	private static final String LINK_DOWN = "3-link-down";

	private static final String OPEN_TRANSACTION = "3-link-down-open-transaction";

	private static final Duration DOWN = Length.of(Duration.ofMinutes(5), Duration.ofSeconds(5));

	private static final int PER_SECOND = 1000;

	/** After the return of the link. */
	private static final Duration STORED_WITHIN = Duration.ofSeconds(60);

	/** After the cut. */
	private static final Duration FREED_WITHIN = Duration.ofSeconds(60);

	/**
	 * Few enough to go by a statement, which can be held up here, and not straight by
	 * COPY.
	 */
	private static final int SPANS = 10;

	private NetworkNamespace network;

	private PostgresProcess server;

	@BeforeEach
	void start() {
		try {
			this.network = NetworkNamespace.create();
		}
		catch (IllegalStateException | UncheckedIOException ex) {
			String reason = "needs Linux, root and network namespaces: " + ex.getMessage();
			FaultReport.skipped(LINK_DOWN, reason);
			FaultReport.skipped(OPEN_TRANSACTION, reason);
			Assumptions.abort(reason);
		}
		this.server = PostgresProcess.initialize(this.network.launcher());
		this.server.reachableAt(this.network.address());
		trust(this.network.clients());
		this.server.start();
		Database.migrate(this.server.dataSource(), "observatory");
	}

	private void trust(String clients) {
		try {
			Files.writeString(this.server.directory().resolve("pg_hba.conf"), "host all all " + clients + " trust\n",
					StandardOpenOption.APPEND);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@AfterEach
	void stop() {
		try {
			if (this.server != null) {
				this.server.close();
			}
		}
		finally {
			if (this.network != null) {
				this.network.close();
			}
		}
	}

	@Test
	void whatIsWrittenWhileTheLinkIsDownIsStoredOnceItIsBack() {
		long begun = System.nanoTime();
		Ledger ledger = new Ledger();
		WriterConfig config = WriterConfig.logs().maxBufferBytes(512L << 20).build();
		try (StoragePool pool = new StoragePool(
				StorageConfig.fromEnv(Map.of("DATABASE_URL", this.server.jdbcUrl(), "DB_POOL_MAX_SIZE", "12")));
				LogWriter logs = new LogWriter(pool.dataSource(), config);
				MetricWriter metrics = new MetricWriter(pool.dataSource(), config);
				TraceWriter traces = new TraceWriter(pool.dataSource(), config)) {
			try (Traffic traffic = new Traffic(ledger).start(logs, Subject.LOGS, PER_SECOND)
				.start(metrics, Subject.POINTS, PER_SECOND)
				.start(traces, Subject.SPANS, PER_SECOND)) {
				awaitStored(logs, metrics, traces);
				this.network.linkDown();
				Awaitility.await().pollDelay(DOWN).atMost(DOWN.plusSeconds(30)).until(() -> true);
				this.network.linkUp();
			}
			long back = System.nanoTime();
			awaitFlushed(STORED_WITHIN, logs, metrics, traces);
			Duration storedAfter = Duration.ofNanos(System.nanoTime() - back);
			Verdict verdict = ledger.verdict(this.server.jdbc(), logs, metrics, traces);
			FaultReport.scenario(LINK_DOWN, verdict, Duration.ofNanos(System.nanoTime() - begun),
					Map.of("secondsDown", DOWN.toSeconds(), "secondsToStored", storedAfter.toMillis() / 1000.0));
			assertThat(ledger.refused()).as("refused").isZero();
			verdict.assertAllStored();
		}
	}

	/**
	 * The cut meets transactions that hold locks, that of their lane among them. The
	 * server has to let go of them though it hears nothing from their client, which goes
	 * on by another way: because the client ends the session, and by the keepalives,
	 * should the client be gone too.
	 */
	@Test
	void aTransactionThatTheCutLeavesOpenDoesNotHoldUpItsSlot() {
		Assumptions.assumeTrue(Length.isFull());
		long begun = System.nanoTime();
		Ledger ledger = new Ledger();
		try (OpenTransaction terminated = new OpenTransaction("terminated", ledger, 0, NetworkDownIT::waitingForEver);
				OpenTransaction keptAlive = new OpenTransaction("kept alive", ledger, SPANS,
						NetworkDownIT::terminatingNobody);
				OpenTransaction unguarded = new OpenTransaction("unguarded", new Ledger(), 2 * SPANS,
						(sql) -> waitingForEver(terminatingNobody(sql)))) {
			this.network.linkDown();
			long cut = System.nanoTime();
			terminated.cut();
			keptAlive.cut();
			unguarded.cut();
			assertThat(terminated.isFreedWithin(FREED_WITHIN, cut)).as("freed by ending the session alone").isTrue();
			assertThat(keptAlive.isFreedWithin(FREED_WITHIN, cut)).as("freed by keepalives alone").isTrue();
			boolean caught = !unguarded.isFreedWithin(FREED_WITHIN, cut) && unguarded.isOpen();
			Verdict verdict = ledger.verdict(aside("verdict"), terminated.writer, keptAlive.writer);
			FaultReport.scenario(OPEN_TRANSACTION, verdict, Duration.ofNanos(System.nanoTime() - begun));
			FaultReport.sabotage("keepalives off", OPEN_TRANSACTION, caught);
			verdict.assertAllStored();
			assertThat(caught).as("without them the slot is seen to be held up").isTrue();
		}
	}

	private static void awaitStored(Writer... writers) {
		for (Writer writer : writers) {
			Awaitility.await().until(() -> writer.writeStats().stored() > 0);
		}
	}

	private static void awaitFlushed(Duration within, Writer... writers) {
		Awaitility.await().atMost(within).ignoreExceptionsInstanceOf(StorageException.class).until(() -> {
			for (Writer writer : writers) {
				writer.flush();
			}
			return true;
		});
	}

	private static String terminatingNobody(String sql) {
		return sql.replace("pg_terminate_backend(pid)", "false");
	}

	private static String waitingForEver(String sql) {
		return sql.replaceAll("SET LOCAL (tcp_keepalives_\\w+|tcp_user_timeout|statement_timeout) = \\d+;", "");
	}

	private JdbcTemplate aside(String name) {
		return new JdbcTemplate(dataSource(this.network.addressAside(), name));
	}

	private DataSource dataSource(String address, String name) {
		PGSimpleDataSource dataSource = new PGSimpleDataSource();
		dataSource.setUrl(this.server.jdbcUrl().replace(this.network.address(), address));
		dataSource.setApplicationName(name);
		dataSource.setConnectTimeout(5);
		return dataSource;
	}

	/**
	 * A writer whose transaction has moved its lane and is about to send its rows, when
	 * the link goes down; from then on it connects by the way aside.
	 */
	private final class OpenTransaction implements AutoCloseable {

		private final String name;

		private final CountDownLatch open = new CountDownLatch(1);

		private final CountDownLatch cut = new CountDownLatch(1);

		private final AtomicBoolean first = new AtomicBoolean(true);

		private final Writer writer;

		OpenTransaction(String name, Ledger ledger, int firstNumber, UnaryOperator<String> sabotage) {
			this.name = name;
			WriterConfig config = WriterConfig.traces()
				.maxConcurrency(1)
				.flushTimeout(Duration.ofSeconds(10))
				.closeTimeout(Duration.ZERO)
				.build();
			DataSource link = SqlHook.on(dataSource(NetworkDownIT.this.network.address(), name),
					(sql) -> sabotage.apply(held(sql)));
			DataSource aside = SqlHook.on(dataSource(NetworkDownIT.this.network.addressAside(), name + " aside"),
					sabotage);
			this.writer = Subject.SPANS.open(new Rerouted(link, aside, this.cut), config);
			for (int number = firstNumber; number < firstNumber + SPANS; number++) {
				ledger.write(this.writer, Subject.SPANS, number);
			}
			this.writer.flushAsync();
			await(this.open);
			assertThat(isOpen()).as("the transaction is open").isTrue();
		}

		/** The lane's row is moved by now, and the statement that follows waits here. */
		private String held(String sql) {
			if (sql.contains("trace_spans") && !sql.contains("lanes") && this.first.compareAndSet(true, false)) {
				this.open.countDown();
				await(this.cut);
			}
			return sql;
		}

		void cut() {
			this.cut.countDown();
		}

		/** Returns whether the server still has the transaction from before the cut. */
		boolean isOpen() {
			Long open = aside("look").queryForObject(
					"SELECT count(*) FROM pg_stat_activity WHERE application_name = ? AND state = 'idle in transaction'",
					Long.class, this.name);
			return open != null && open > 0;
		}

		boolean isFreedWithin(Duration time, long since) {
			try {
				awaitFlushed(time.minusNanos(System.nanoTime() - since), this.writer);
				return !isOpen();
			}
			catch (ConditionTimeoutException ex) {
				return false;
			}
		}

		private static void await(CountDownLatch latch) {
			try {
				assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				throw new IllegalStateException(ex);
			}
		}

		@Override
		public void close() {
			this.writer.close();
		}

	}

	private static final class Rerouted extends AbstractDataSource {

		private final DataSource link;

		private final DataSource aside;

		private final CountDownLatch cut;

		Rerouted(DataSource link, DataSource aside, CountDownLatch cut) {
			this.link = link;
			this.aside = aside;
			this.cut = cut;
		}

		@Override
		public Connection getConnection() throws SQLException {
			return ((this.cut.getCount() > 0) ? this.link : this.aside).getConnection();
		}

		@Override
		public Connection getConnection(String user, String password) {
			throw new UnsupportedOperationException();
		}

	}

}
