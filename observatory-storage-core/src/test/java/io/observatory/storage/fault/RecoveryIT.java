package io.observatory.storage.fault;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import com.zaxxer.hikari.HikariDataSource;
import io.observatory.storage.config.RetryConfig;
import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.error.StorageException;
import io.observatory.storage.stats.WriterStatus.State;
import io.observatory.storage.testing.Database;
import io.observatory.storage.testing.Engine;
import io.observatory.storage.testing.NotOn;
import io.observatory.storage.writer.LogWriter;
import io.observatory.storage.writer.TraceWriter;
import io.observatory.storage.writer.Writer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Failures that the server really raises, each by a trigger, and what the writer does
 * about their class.
 */
@NotOn(value = Engine.CITUS, because = "a distributed table has no triggers")
class RecoveryIT {

	private final Database database = Database.get();

	private final List<UUID> written = new ArrayList<>();

	@BeforeEach
	void clear() {
		this.database.clear();
	}

	@AfterEach
	void dropTrigger() {
		this.database.jdbc().execute("DROP TRIGGER IF EXISTS trouble ON observatory.logs");
		this.database.jdbc().execute("DROP FUNCTION IF EXISTS observatory.trouble()");
	}

	/** The server needs 10 ms a row, and so is too slow for the batch as a whole. */
	@Test
	void aBatchThatTakesTooLongIsHalved() {
		trigger("BEFORE INSERT", "FOR EACH ROW", "PERFORM pg_sleep(0.01); RETURN NEW;");
		LogWriter writer = new LogWriter(this.database.dataSource(), config());
		try (writer) {
			write(writer, 150);
			writer.requestFlush();
			Awaitility.await()
				.atMost(Duration.ofSeconds(30))
				.untilAsserted(() -> assertThat(writer.writeStats().stored()).isEqualTo(150));
			assertThat(writer.writeStats().batches()).as("one batch, whatever pieces it went in").isEqualTo(1);
		}
		assertAllStored(writer);
	}

	/** No row is at fault alone, so none may be put aside. */
	@Test
	void aStatementThatIsTooLargeIsHalvedAndNothingIsPutAside() {
		trigger("AFTER INSERT", "REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT",
				"IF (SELECT count(*) FROM fresh) > 30 THEN RAISE EXCEPTION 'too many' USING ERRCODE = '21000'; END IF; RETURN NULL;");
		LogWriter writer = new LogWriter(this.database.dataSource(), config());
		try (writer) {
			write(writer, 150);
			assertThat(writer.flush().deadLettered()).isZero();
		}
		assertAllStored(writer);
	}

	@Test
	void whatNobodyExpectsIsTriedThreeTimesThenStopsTheWriterAndHeals() {
		this.database.jdbc().execute("CREATE SEQUENCE observatory.attempts");
		trigger("BEFORE INSERT", "FOR EACH STATEMENT",
				"RAISE EXCEPTION 'odd' USING ERRCODE = 'XX00' || nextval('observatory.attempts');");
		LogWriter writer = new LogWriter(this.database.dataSource(), config());
		try (writer) {
			write(writer, 20);
			StorageException failure = catchThrowableOfType(StorageException.class, writer::flush);
			assertThat(failure.isRetryable()).isFalse();
			// the third attempt is what ended it; a stopped writer looks again before
			// long
			assertThat(failure.sqlState()).isEqualTo("XX003");
			assertThat(writer.status().state()).isEqualTo(State.STOPPED);
			dropTrigger();
			assertThat(writer.flush().deadLettered()).isZero();
		}
		finally {
			this.database.jdbc().execute("DROP SEQUENCE observatory.attempts");
		}
		assertAllStored(writer);
	}

	/** A trigger of the user's that refuses a row is like a CHECK. */
	@Test
	void aRowThatATriggerRefusesIsPutAsideAlone() {
		trigger("BEFORE INSERT", "FOR EACH ROW",
				"IF NEW.severity_number = 7 THEN RAISE EXCEPTION 'no sevens'; END IF; RETURN NEW;");
		LogWriter writer = new LogWriter(this.database.dataSource(), config());
		try (writer) {
			write(writer, 48);
			assertThat(writer.flush().deadLettered()).isEqualTo(2);
		}
		assertThat(Stored.ids("logs")).hasSize(46);
		assertThat(Stored.deadIds("logs")).containsExactlyInAnyOrder(this.written.get(6), this.written.get(30));
		Stored.assertSettled(writer, 46, 2, 0);
	}

	/** As a pooler in transaction mode does: the session is not the one it was. */
	@Test
	void statementsThatTheSessionHasForgottenArePreparedAnew() throws Exception {
		try (HikariDataSource pool = new HikariDataSource()) {
			pool.setJdbcUrl("jdbc:postgresql://localhost:" + this.database.port()
					+ "/postgres?user=postgres&prepareThreshold=1");
			pool.setMaximumPoolSize(1);
			TraceWriter writer = new TraceWriter(pool, config());
			try (writer) {
				for (int round = 0; round < 5; round++) {
					for (int i = 0; i < 10; i++) {
						this.written.add(Subject.SPANS.write(writer, this.written.size()));
					}
					assertThat(writer.flush().stored()).isEqualTo(10);
					try (var connection = pool.getConnection(); var statement = connection.createStatement()) {
						statement.execute("DO $$ BEGIN EXECUTE 'DEALLOCATE ALL'; END $$");
					}
				}
				assertThat(writer.status().state()).isEqualTo(State.RUNNING);
			}
			Stored.assertOnce("trace_spans", this.written);
			Stored.assertSettled(writer, 50, 0, 0);
		}
	}

	private void trigger(String event, String each, String body) {
		this.database.jdbc()
			.execute("CREATE FUNCTION observatory.trouble() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN " + body
					+ " END $$");
		this.database.jdbc()
			.execute("CREATE TRIGGER trouble " + event + " ON observatory.logs " + each
					+ " EXECUTE FUNCTION observatory.trouble()");
	}

	private void write(LogWriter writer, int rows) {
		for (int i = 0; i < rows; i++) {
			this.written.add(Subject.LOGS.write(writer, i));
		}
	}

	private static WriterConfig config() {
		return WriterConfig.logs()
			.maxConcurrency(1)
			.retry(new RetryConfig(2, Duration.ofMillis(5), 2, Duration.ofMillis(20)))
			.flushTimeout(Duration.ofSeconds(1))
			.closeTimeout(Duration.ofSeconds(5))
			.build();
	}

	private void assertAllStored(Writer writer) {
		Stored.assertOnce("logs", this.written);
		Stored.assertSettled(writer, this.written.size(), 0, 0);
	}

}
