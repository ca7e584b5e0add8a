package io.observatory.storage.writer;

import java.lang.reflect.Proxy;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;

import javax.sql.DataSource;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.observatory.storage.config.RetryConfig;
import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.error.StorageException;
import io.observatory.storage.fault.CuttingProxy;
import io.observatory.storage.fault.SqlHook;
import io.observatory.storage.fault.Stored;
import io.observatory.storage.model.LogRecord;
import io.observatory.storage.session.WriteMethod;
import io.observatory.storage.stats.WriterStatus;
import io.observatory.storage.stats.WriterStatus.State;
import io.observatory.storage.testing.Buffers;
import io.observatory.storage.testing.Database;
import io.observatory.storage.testing.Records;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Databases and data sources that refuse, in all the ways they have: what is kept, what
 * is said, and that it goes on by itself.
 */
@Timeout(60)
class RetryIT {

	private static final String ROLE = "observatory_test_writer";

	/** From the one test that needs it on, the server wants a password of this role. */
	private static final String LOGIN = "observatory_test_login";

	private final Database database = Database.get();

	private final CuttingProxy proxy = new CuttingProxy(this.database.port());

	private final List<UUID> written = new ArrayList<>();

	@BeforeEach
	void start() {
		((Logger) LoggerFactory.getLogger("com.zaxxer.hikari")).setLevel(Level.ERROR);
		this.database.clear();
		this.database.jdbc().execute("CREATE ROLE " + ROLE + " LOGIN");
		this.database.jdbc().execute("GRANT USAGE ON SCHEMA observatory TO " + ROLE);
		this.database.jdbc()
			.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA observatory TO " + ROLE);
	}

	@AfterEach
	void dropRole() {
		this.proxy.close();
		this.database.jdbc().execute("DROP OWNED BY " + ROLE);
		this.database.jdbc().execute("DROP ROLE " + ROLE);
	}

	@Test
	void aDataSourceThatThrowsIsCountedAndTheNextFlushWorks() {
		AtomicReference<Throwable> next = new AtomicReference<>();
		LogWriter writer = new LogWriter(throwing(next), config().build());
		try (writer) {
			List<Throwable> failures = List.of(new SQLException("gone", "08006"), new SQLException("no state"),
					new IllegalStateException("not a database at all"), new NoClassDefFoundError("half deployed"));
			for (Throwable failure : failures) {
				next.set(failure);
				write(writer, 5);
				StorageException ex = catchThrowableOfType(StorageException.class, writer::flush);
				if (ex != null) {
					assertThat(ex).message().doesNotContain("not a database", "half deployed", "gone");
				}
				assertThat(writer.flush().deadLettered()).as("after %s", failure).isZero();
				assertThat(writer.writeStats().stored()).as("after %s", failure).isEqualTo(this.written.size());
			}
			assertThat(writer.writeStats().retries()).isGreaterThanOrEqualTo(failures.size());
		}
		assertAllStored(writer);
	}

	/**
	 * An error half way through a transaction, as when memory is short: nothing of it may
	 * be committed by putting the connection back to auto-commit.
	 */
	@Test
	void anErrorWithinATransactionRollsItBack() {
		AtomicReference<Error> next = new AtomicReference<>(new OutOfMemoryError("simulated"));
		DataSource dataSource = SqlHook.on(this.database.dataSource(), (sql) -> {
			Error error = sql.contains("dead_letters") ? next.getAndSet(null) : null;
			if (error != null) {
				throw error;
			}
			return sql;
		});
		LogWriter writer = new LogWriter(dataSource, config().build());
		withConstraint("logs", "CHECK (body NOT LIKE 'bad%')", () -> {
			try (writer) {
				write(writer, 5);
				writer
					.writeLog(LogRecord.builder().timestamp(Records.START).serviceName("checkout").body("bad").build());
				assertThat(catchThrowableOfType(StorageException.class, writer::flush)).isNotNull();
				assertThat(writer.flush().deadLettered()).isEqualTo(1);
			}
		});
		assertThat(next).hasValue(null);
		Stored.assertOnce("logs", this.written);
		Stored.assertSettled(writer, 5, 1, 0);
		assertThat(this.database.count("dead_letters")).isEqualTo(1);
	}

	@Test
	void aWrongPasswordStopsTheWriterSaysSoWithoutItAndHeals() {
		this.database.jdbc().execute("CREATE ROLE " + LOGIN + " LOGIN PASSWORD 'right-one' IN ROLE " + ROLE);
		requirePassword();
		PGSimpleDataSource dataSource = as(LOGIN);
		dataSource.setPassword("secret-typo");
		LogWriter writer = new LogWriter(dataSource, config().build());
		try (writer) {
			write(writer, 5);
			StorageException failure = catchThrowableOfType(StorageException.class, writer::flush);
			assertThat(failure.isRetryable()).isFalse();
			assertThat(failure.sqlState()).isEqualTo("28P01");
			WriterStatus status = writer.status();
			assertThat(status.state()).isEqualTo(State.STOPPED);
			assertThat(status.sqlState()).isEqualTo("28P01");
			assertThat(status.reason()).contains("password").doesNotContain("secret-typo");
			assertThat(failure.getMessage()).doesNotContain("secret-typo");
			Stored.assertAddsUp(writer.writeStats());
			this.database.jdbc().execute("ALTER ROLE " + LOGIN + " PASSWORD 'secret-typo'");
			awaitRunning(writer);
		}
		finally {
			this.database.jdbc().execute("DROP ROLE " + LOGIN);
		}
		assertAllStored(writer);
	}

	@Test
	void aMissingSchemaStopsTheWriterUntilItIsThere() {
		LogWriter writer = new LogWriter(this.database.dataSource(), config().schema("not_yet").build());
		try (writer) {
			write(writer, 5);
			StorageException failure = catchThrowableOfType(StorageException.class, writer::flush);
			assertThat(failure.isRetryable()).isFalse();
			assertThat(failure.sqlState()).isEqualTo("42P01");
			assertThat(writer.status().state()).isEqualTo(State.STOPPED);
			assertThat(writer.status().reason()).contains("not_yet");
			Database.migrate(this.database.dataSource(), "not_yet");
			awaitRunning(writer);
			assertThat(this.database.jdbc().queryForList("SELECT id FROM not_yet.logs", UUID.class))
				.containsExactlyInAnyOrderElementsOf(this.written);
		}
		finally {
			this.database.jdbc().execute("DROP SCHEMA not_yet CASCADE");
		}
		Stored.assertSettled(writer, 5, 0, 0);
	}

	@Test
	void whereRowSecurityForbidsCopyAutoGoesByInsert() {
		this.database.jdbc().execute("ALTER TABLE observatory.logs ENABLE ROW LEVEL SECURITY");
		this.database.jdbc().execute("CREATE POLICY all_rows ON observatory.logs USING (true) WITH CHECK (true)");
		LogWriter writer = new LogWriter(as(ROLE), config().writeMethod(WriteMethod.AUTO).build());
		LogWriter stubborn = new LogWriter(as(ROLE),
				config().writeMethod(WriteMethod.COPY).closeTimeout(Duration.ofMillis(100)).build());
		try (writer; stubborn) {
			write(writer, 100);
			assertThat(writer.flush().stored()).isEqualTo(100);
			assertThat(writer.status().state()).isEqualTo(State.RUNNING);
			stubborn.writeLog(Records.log(1));
			assertThat(catchThrowableOfType(StorageException.class, stubborn::flush).sqlState()).isEqualTo("0A000");
			assertThat(stubborn.status().state()).isEqualTo(State.STOPPED);
		}
		finally {
			this.database.jdbc().execute("DROP POLICY all_rows ON observatory.logs");
			this.database.jdbc().execute("ALTER TABLE observatory.logs DISABLE ROW LEVEL SECURITY");
		}
		assertAllStored(writer);
		Stored.assertClosed(stubborn, 0, 1);
	}

	/** COPY may go into a stage where it may not go into the table. */
	@Test
	void whereRowSecurityForbidsCopySpansStillGoThroughTheirStage() {
		this.database.jdbc().execute("ALTER TABLE observatory.trace_spans ENABLE ROW LEVEL SECURITY");
		this.database.jdbc()
			.execute("CREATE POLICY all_rows ON observatory.trace_spans USING (true) WITH CHECK (true)");
		TraceWriter writer = new TraceWriter(as(ROLE), config().writeMethod(WriteMethod.COPY).build());
		try (writer) {
			for (int i = 0; i < 300; i++) {
				writer.writeSpan(Records.span(i / 10, i));
			}
			assertThat(writer.flush().stored()).isEqualTo(300);
		}
		finally {
			this.database.jdbc().execute("DROP POLICY all_rows ON observatory.trace_spans");
			this.database.jdbc().execute("ALTER TABLE observatory.trace_spans DISABLE ROW LEVEL SECURITY");
		}
		assertThat(this.database.count("trace_spans")).isEqualTo(300);
		Stored.assertSettled(writer, 300, 0, 0);
	}

	@Test
	void aRoleThatMayNotMakeTemporaryTablesGoesByInsert() {
		this.database.jdbc().execute("REVOKE TEMP ON DATABASE postgres FROM PUBLIC");
		TraceWriter writer = new TraceWriter(as(ROLE), config().build());
		try (writer) {
			for (int i = 0; i < 200; i++) {
				writer.writeSpan(Records.span(i / 10, i));
			}
			assertThat(writer.flush().stored()).isEqualTo(200);
		}
		finally {
			this.database.jdbc().execute("GRANT TEMP ON DATABASE postgres TO PUBLIC");
		}
		assertThat(this.database.count("trace_spans")).isEqualTo(200);
		assertThat(this.database.count("traces")).isEqualTo(20);
		Stored.assertSettled(writer, 200, 0, 0);
	}

	@Test
	void aPoolWithoutAutoCommitAndWithSerializableSessionsIsTakenAsItIsAndLeftAsItWas() throws Exception {
		PGSimpleDataSource serializable = this.proxy.dataSource();
		serializable.setOptions("-c default_transaction_isolation=serializable");
		HikariConfig pool = new HikariConfig();
		pool.setDataSource(serializable);
		pool.setAutoCommit(false);
		pool.setMaximumPoolSize(1);
		try (HikariDataSource dataSource = new HikariDataSource(pool)) {
			LogWriter writer = new LogWriter(dataSource, config().build());
			try (writer) {
				write(writer, 100);
				assertThat(writer.flush().stored()).isEqualTo(100);
				write(writer, 100);
				this.proxy.cutNextCommits(CuttingProxy.Moment.AFTER_COMMIT);
				assertThat(writer.flush().deadLettered()).isZero();
			}
			assertAllStored(writer);
			try (var connection = dataSource.getConnection();
					var statement = connection.createStatement();
					var row = statement.executeQuery("SELECT current_setting('transaction_isolation'), "
							+ "current_setting('statement_timeout'), current_setting('lock_timeout')")) {
				assertThat(connection.getAutoCommit()).isFalse();
				assertThat(row.next()).isTrue();
				assertThat(row.getString(1)).isEqualTo("serializable");
				assertThat(List.of(row.getString(2), row.getString(3))).containsOnly("0");
				connection.rollback();
			}
		}
		assertThat(this.database.rows("SELECT 1 FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'"))
			.isEmpty();
	}

	@Test
	void aCallersTransactionIsNeverJoined() {
		DataSource dataSource = this.database.dataSource();
		LogWriter writer = new LogWriter(dataSource, config().build());
		try (writer) {
			new TransactionTemplate(new DataSourceTransactionManager(dataSource)).executeWithoutResult((status) -> {
				write(writer, 5);
				assertThat(writer.flush().stored()).isEqualTo(5);
				status.setRollbackOnly();
			});
		}
		assertAllStored(writer);
	}

	private static WriterConfig.Builder config() {
		return Buffers.logs()
			.maxConcurrency(1)
			.retry(new RetryConfig(3, Duration.ofMillis(5), 2, Duration.ofMillis(20)))
			.flushTimeout(Duration.ofSeconds(5))
			.closeTimeout(Duration.ofSeconds(5));
	}

	private void write(LogWriter writer, int rows) {
		for (int i = 0; i < rows; i++) {
			LogRecord log = Records.log(i);
			writer.writeLog(log);
			this.written.add(log.id());
		}
	}

	/** Throws once, for each time that it is told to. */
	private DataSource throwing(AtomicReference<Throwable> next) {
		return (DataSource) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { DataSource.class },
				(proxy, method, args) -> {
					Throwable failure = next.getAndSet(null);
					if (failure != null) {
						throw failure;
					}
					return method.invoke(this.database.dataSource(), args);
				});
	}

	private PGSimpleDataSource as(String role) {
		PGSimpleDataSource dataSource = this.proxy.dataSource();
		dataSource.setUser(role);
		return dataSource;
	}

	/** The embedded server trusts everybody; not this role any more. */
	private void requirePassword() {
		String file = this.database.jdbc().queryForObject("SHOW hba_file", String.class);
		this.database.jdbc().execute("""
				DO $do$
				DECLARE rules text := pg_read_file(current_setting('hba_file'));
				BEGIN
					IF rules NOT LIKE '%%%1$s%%' THEN
						EXECUTE format('COPY (SELECT unnest(string_to_array(%%L, E''\\n''))) TO %%L',
							E'host all %1$s 127.0.0.1/32 scram-sha-256\\n' || rules, '%2$s');
					END IF;
					PERFORM pg_reload_conf();
				END $do$""".formatted(LOGIN, file));
		Awaitility.await()
			.until(() -> this.database.rows("SELECT 1 FROM pg_hba_file_rules WHERE ? = ANY (user_name)", LOGIN)
				.size() == 1
					&& catchThrowableOfType(SQLException.class, () -> as(LOGIN).getConnection().close()) != null);
	}

	private void withConstraint(String table, String check, Runnable action) {
		this.database.jdbc().execute("ALTER TABLE observatory." + table + " ADD CONSTRAINT no_poison " + check);
		try {
			action.run();
		}
		finally {
			this.database.jdbc().execute("ALTER TABLE observatory." + table + " DROP CONSTRAINT no_poison");
		}
	}

	private static void awaitRunning(Writer writer) {
		Awaitility.await()
			.atMost(Duration.ofSeconds(10))
			.pollInterval(Duration.ofMillis(20))
			.untilAsserted(() -> assertThat(writer.status().state()).isEqualTo(State.RUNNING));
	}

	private void assertAllStored(Writer writer) {
		Stored.assertOnce("logs", this.written);
		Stored.assertSettled(writer, this.written.size(), 0, 0);
	}

}
