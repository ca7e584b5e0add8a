package io.observatory.storage.fault;

import java.time.Duration;
import java.util.Map;
import java.util.function.UnaryOperator;

import io.observatory.storage.config.RetryConfig;
import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.error.StorageException;
import io.observatory.storage.stats.WriterStatus.State;
import io.observatory.storage.testing.Database;
import io.observatory.storage.writer.LogWriter;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * A client is gone and the server does not know: its transaction stands open in the
 * middle of a COPY, and holds the row of the lane, perhaps for hours.
 */
@Tag("faults")
class ZombieIT {

	private static final String ZOMBIES = "SELECT count(*) FROM pg_stat_activity "
			+ "WHERE state = 'active' AND query LIKE 'COPY%' AND pid <> pg_backend_pid()";

	private static final WriterConfig CONFIG = WriterConfig.logs()
		.maxConcurrency(1)
		.retry(new RetryConfig(2, Duration.ofMillis(5), 2, Duration.ofMillis(20)))
		.flushTimeout(Duration.ofSeconds(2))
		.closeTimeout(Duration.ofSeconds(3))
		.build();

	private final Database database = Database.get();

	private final CuttingProxy proxy = new CuttingProxy(this.database.port());

	private final Ledger ledger = new Ledger();

	@BeforeEach
	void clear() {
		this.database.clear();
	}

	@AfterEach
	void close() {
		this.proxy.close();
		// those of the sabotage end with their connections
		Awaitility.await().until(() -> zombies() == 0);
	}

	@Test
	void theSessionThatHoldsTheLaneIsEnded() {
		long begun = System.nanoTime();
		Verdict verdict = storeBehindZombies(UnaryOperator.identity());
		FaultReport.scenario("zombie-holds-lane", verdict, Duration.ofNanos(System.nanoTime() - begun));
		verdict.assertAllStored();
		assertThat(zombies()).isZero();
	}

	@Test
	void withoutEndingItTheScenarioIsSeenToFail() {
		Assumptions.assumeTrue(Length.isFull());
		Verdict verdict = storeBehindZombies((sql) -> sql.replace("pg_terminate_backend(pid)", "pid"));
		FaultReport.sabotage("termination off", "zombie-holds-lane", !verdict.isKept());
		assertThat(verdict.isKept()).as("%s", verdict).isFalse();
	}

	/** It cannot even be ended, as when its disk hangs: that is said, and waited for. */
	@Test
	void aSessionThatDoesNotEndIsToldAndWaitedFor() {
		LogWriter writer = new LogWriter(this.proxy.dataSource(), CONFIG);
		try (writer) {
			this.ledger.write(writer, Subject.LOGS, 0);
			writer.flush();
			this.proxy.vanishInNextCopy();
			this.ledger.write(writer, Subject.LOGS, 1);
			writer.requestFlush();
			Awaitility.await().until(() -> zombies() == 1);
			Long pid = this.database.jdbc().queryForObject(ZOMBIES.replace("count(*)", "pid"), Long.class);
			PostgresProcess.signal("STOP", ProcessHandle.of(pid).stream().toList());
			try {
				Awaitility.await()
					.atMost(Duration.ofSeconds(20))
					.until(() -> writer.status().state() == State.RETRYING);
				assertThat(writer.status().sqlState()).isEqualTo("55P03");
			}
			finally {
				PostgresProcess.signal("CONT", ProcessHandle.of(pid).stream().toList());
			}
			Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> writer.writeStats().inFlight() == 0);
		}
		this.ledger.verdict(this.database.jdbc(), writer).assertAllStored();
	}

	/** Another session in the same transaction state must not be hit. */
	@Test
	void noOtherSessionIsEnded() throws Exception {
		try (var other = this.database.dataSource().getConnection(); var statement = other.createStatement()) {
			other.setAutoCommit(false);
			statement.execute("SELECT count(*) FROM observatory.lanes");
			storeBehindZombies(UnaryOperator.identity()).assertAllStored();
			statement.execute("SELECT 1");
			other.rollback();
		}
	}

	private Verdict storeBehindZombies(UnaryOperator<String> sabotage) {
		LogWriter writer = new LogWriter(SqlHook.on(this.proxy.dataSource(), sabotage), CONFIG);
		try (writer) {
			for (int round = 0; round < 3; round++) {
				this.ledger.write(writer, Subject.LOGS, 2 * round);
				writer.requestFlush();
				Awaitility.await().until(() -> writer.writeStats().inFlight() == 0 || zombies() > 0);
				this.proxy.vanishInNextCopy();
				this.ledger.write(writer, Subject.LOGS, 2 * round + 1);
				catchThrowableOfType(StorageException.class, writer::flush);
			}
		}
		return this.ledger.verdict(this.database.jdbc());
	}

	private long zombies() {
		Long count = this.database.jdbc().queryForObject(ZOMBIES, Long.class);
		return (count != null) ? count : -1;
	}

}
