package io.observatory.storage.fault;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.AbstractList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.stream.Stream;

import javax.sql.DataSource;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.core.AppenderBase;
import io.observatory.storage.buffer.FullPolicy;
import io.observatory.storage.config.RetryConfig;
import io.observatory.storage.config.StorageConfig;
import io.observatory.storage.config.StoragePool;
import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.fault.CuttingProxy.Moment;
import io.observatory.storage.llm.LlmInput;
import io.observatory.storage.llm.LlmLatency;
import io.observatory.storage.llm.LlmOutput;
import io.observatory.storage.llm.LlmSpan;
import io.observatory.storage.model.Exemplar;
import io.observatory.storage.model.Metric;
import io.observatory.storage.model.MetricDataPoint;
import io.observatory.storage.model.MetricType;
import io.observatory.storage.model.Redactor;
import io.observatory.storage.model.Score;
import io.observatory.storage.model.SpanEvent;
import io.observatory.storage.model.SpanLink;
import io.observatory.storage.model.Status;
import io.observatory.storage.model.Trace;
import io.observatory.storage.model.TraceEvent;
import io.observatory.storage.model.TraceSpan;
import io.observatory.storage.session.WriteMethod;
import io.observatory.storage.testing.Engine;
import io.observatory.storage.testing.NotOn;
import io.observatory.storage.testing.Records;
import io.observatory.storage.upkeep.Partitions;
import io.observatory.storage.writer.LogWriter;
import io.observatory.storage.writer.MetricWriter;
import io.observatory.storage.writer.TraceWriter;
import io.observatory.storage.writer.Writer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import org.slf4j.helpers.MessageFormatter;
import org.springframework.jdbc.datasource.DelegatingDataSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A prompt and a password go down every path on which something fails. Neither may come
 * out: not in a line of any log at any level, nor in an exception with all that hangs on
 * it, a status or a {@code toString}.
 * <p>
 * One exception, which only the driver could mend: its own log at FINEST shows the
 * parameters that it sends (see {@code docs/configuration.md}).
 */
@Tag("faults")
@NotOn(value = Engine.CITUS, because = "its servers are its own")
@NotOn(value = Engine.TIMESCALEDB, because = "its servers are its own")
class SecretsIT {

	private static final String PROMPT = "canary-prompt-7Qx";

	private static final String PASSWORD = "canary-password-9Zk";

	private static final List<String> LOGGERS = List.of("io.observatory", "com.zaxxer.hikari", "org.springframework",
			"org.postgresql");

	private static PostgresProcess server;

	private final Queue<String> told = new ConcurrentLinkedQueue<>();

	private final Queue<String> drivers = new ConcurrentLinkedQueue<>();

	private final Appender appender = new Appender();

	private final DriverLog driverLog = new DriverLog();

	@BeforeAll
	static void prepare() throws IOException {
		server = PostgresProcess.migrated();
		server.jdbc().execute("CREATE ROLE guarded LOGIN SUPERUSER PASSWORD '" + PASSWORD + "'");
		Path rules = server.directory().resolve("pg_hba.conf");
		Files.writeString(rules, "host all guarded all scram-sha-256\n" + Files.readString(rules));
		server.jdbc().execute("SELECT pg_reload_conf()");
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@BeforeEach
	void listen() {
		this.appender.start();
		LOGGERS.forEach((name) -> {
			Logger logger = logger(name);
			logger.setLevel(Level.TRACE);
			logger.setAdditive(false);
			logger.addAppender(this.appender);
		});
		java.util.logging.Logger driver = driverLogger();
		driver.setLevel(java.util.logging.Level.ALL);
		driver.setUseParentHandlers(false);
		driver.addHandler(this.driverLog);
	}

	@AfterEach
	void nothingWasTold() {
		LOGGERS.forEach((name) -> {
			Logger logger = logger(name);
			logger.detachAppender(this.appender);
			logger.setAdditive(true);
			logger.setLevel(null);
		});
		java.util.logging.Logger driver = driverLogger();
		driver.removeHandler(this.driverLog);
		driver.setUseParentHandlers(true);
		driver.setLevel(null);
		assertThat(this.told).as("the scenario said something").isNotEmpty();
		assertSilent(this.told);
		assertSilent(this.drivers);
	}

	private static void assertSilent(Queue<String> texts) {
		assertThat(texts.stream().filter((text) -> text.contains(PROMPT)).map(SecretsIT::abridged).distinct())
			.as("what shows the prompt")
			.isEmpty();
		assertThat(texts.stream().filter((text) -> text.contains(PASSWORD)).map(SecretsIT::abridged).distinct())
			.as("what shows the password")
			.isEmpty();
	}

	// The password

	@ParameterizedTest
	@ValueSource(strings = { "postgres://u:%s@", "postgresql://u:%s@h:port/d", "jdbc:postgresql://u:%s@h:99999/d",
			"mysql://u:%s@h/d", "%s", "postgres://u:%s/x@h/d", "postgres://u:%%zz%s@h/d", "postgres://u:%s@h/d?x",
			"postgres://u:%s@h/d?sslmode=%s", "postgresql://h/d?user=u&password=%s&sslmode=off", "jdbc:%s",
			"jdbc:postgresql://u:a/?%s@h/d" })
	void aUrlThatCannotBeRead(String url) {
		attempt(() -> StorageConfig.fromEnv(Map.of("DATABASE_URL", url.replace("%%", "%").replace("%s", PASSWORD))));
	}

	static Stream<Arguments> logins() {
		return Stream
			.of(Arguments.of("guarded", "postgres", "x"), Arguments.of("guarded", "no_such_database", ""),
					Arguments.of("no_such_role", "postgres", ""))
			.limit(Length.of(3, 1));
	}

	@ParameterizedTest
	@MethodSource("logins")
	void aLoginThatIsRefused(String user, String database, String suffix) {
		StorageConfig config = config(user, database, PASSWORD + suffix);
		this.told.add(config.toString());
		try (StoragePool pool = new StoragePool(config)) {
			this.told.add(pool.toString());
			writeAll(pool.dataSource(), quick());
			attempt(() -> new Partitions(pool.dataSource(), "observatory").make());
			attempt(() -> pool.dataSource().getConnection());
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void aDataSourceThatThrowsWhatItKnows(boolean sql) {
		writeAll(new Failing(server.dataSource(), sql), quick());
	}

	// The prompt

	/** Each names the row's content in its message or its detail. */
	@ParameterizedTest
	@ValueSource(strings = { "RAISE EXCEPTION 'refused: %', to_jsonb(NEW)",
			"RAISE check_violation USING MESSAGE = to_jsonb(NEW)",
			"RAISE unique_violation USING DETAIL = to_jsonb(NEW), MESSAGE = to_jsonb(NEW)",
			"RAISE undefined_table USING MESSAGE = 'relation missing', DETAIL = to_jsonb(NEW)",
			"RAISE deadlock_detected USING MESSAGE = to_jsonb(NEW), HINT = to_jsonb(NEW)",
			"RAISE insufficient_privilege USING MESSAGE = to_jsonb(NEW)",
			"RAISE query_canceled USING MESSAGE = to_jsonb(NEW)",
			"RAISE admin_shutdown USING MESSAGE = 'going down', DETAIL = to_jsonb(NEW)",
			"RAISE internal_error USING MESSAGE = to_jsonb(NEW)", "PERFORM (to_jsonb(NEW) ->> 'attributes')::integer",
			"RAISE WARNING '%', to_jsonb(NEW)" })
	void aServerThatQuotesTheRow(String statement) {
		everyTable("""
				CREATE FUNCTION observatory.quote() RETURNS trigger LANGUAGE plpgsql AS $$
				BEGIN %s; RETURN NEW; END $$;
				""".formatted(statement),
				"CREATE TRIGGER quote BEFORE INSERT ON %s FOR EACH ROW EXECUTE FUNCTION observatory.quote()");
		try (StoragePool pool = pool()) {
			for (WriteMethod method : List.of(WriteMethod.COPY, WriteMethod.INSERT)) {
				writeAll(pool.dataSource(), quick().toBuilder().writeMethod(method).build());
			}
			this.told.addAll(server.jdbc()
				.queryForList("SELECT concat_ws(' ', sql_state, constraint_name, reason) FROM observatory.dead_letters",
						String.class));
		}
		finally {
			everyTable("", "DROP TRIGGER quote ON %s");
			server.jdbc().execute("DROP FUNCTION observatory.quote(); TRUNCATE observatory.dead_letters");
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "COPY", "INSERT" })
	void aConstraintThatRefusesTheRow(WriteMethod method) {
		everyTable("", "ALTER TABLE %1$s ADD CONSTRAINT quote CHECK (%2$s::text NOT LIKE '%%canary%%') NOT VALID");
		server.jdbc().execute("CREATE UNIQUE INDEX quote ON observatory.metrics (description)");
		try (StoragePool pool = pool()) {
			writeAll(pool.dataSource(), quick().toBuilder().writeMethod(method).build());
			this.told.addAll(server.jdbc()
				.queryForList("SELECT concat_ws(' ', sql_state, constraint_name, reason) FROM observatory.dead_letters",
						String.class));
		}
		finally {
			everyTable("", "ALTER TABLE %s DROP CONSTRAINT quote");
			server.jdbc().execute("DROP INDEX observatory.quote; TRUNCATE observatory.dead_letters");
		}
	}

	@Test
	void aConnectionThatIsCut() {
		try (CuttingProxy proxy = new CuttingProxy(server.port())) {
			proxy.cutByChance(() -> Moment.AFTER_COMMIT);
			writeAll(proxy.dataSource(), quick());
		}
	}

	@Test
	void aServerThatIsFrozen() {
		try (CuttingProxy proxy = new CuttingProxy(server.port())) {
			proxy.freeze();
			writeAll(proxy.dataSource(), quick());
		}
	}

	@ParameterizedTest
	@EnumSource
	void aBufferThatIsFull(FullPolicy policy) {
		LogWriter logs = new LogWriter(server.dataSource(),
				quick().toBuilder().maxBufferRows(1).blockTimeout(Duration.ofMillis(10)).fullPolicy(policy).build());
		try (logs) {
			logs.pause();
			attempt(() -> logs.writeLog(log()));
			attempt(() -> logs.writeLog(log()));
			attempt(() -> logs.writeLogs(List.of(log(), log())));
			told(logs);
		}
		attempt(() -> logs.writeLog(log()));
		attempt(logs::flush);
		told(logs);
	}

	@Test
	void recordsThatAreRefused() {
		String tooLong = PROMPT.repeat(100);
		List<Object> unreadable = new AbstractList<>() {
			@Override
			public Object get(int index) {
				throw new IllegalStateException(PROMPT);
			}

			@Override
			public int size() {
				return 1;
			}
		};
		try (LogWriter logs = new LogWriter(server.dataSource(), quick());
				MetricWriter metrics = new MetricWriter(server.dataSource(), quick());
				TraceWriter traces = new TraceWriter(server.dataSource(), quick())) {
			for (Object value : List.of(new Object[] { new Unstorable() }, unreadable,
					Map.of(List.of(PROMPT), PROMPT))) {
				Map<String, Object> attributes = Map.of(PROMPT, value);
				attempt(() -> logs.writeLog(io.observatory.storage.model.LogRecord.builder()
					.timestamp(Instant.MAX)
					.serviceName(tooLong)
					.build()));
				attempt(() -> logs.writeLog(io.observatory.storage.model.LogRecord.builder()
					.timestamp(Records.START)
					.serviceName("s")
					.attributes(attributes)
					.build()));
				attempt(() -> metrics.writeMetric(
						new Metric(tooLong, PROMPT, PROMPT, MetricType.GAUGE, PROMPT, Map.of(), Map.of(), null)));
				attempt(() -> metrics
					.writeMetric(new Metric("m", PROMPT, PROMPT, MetricType.GAUGE, "s", attributes, Map.of(), null)));
				attempt(() -> metrics.writeDataPoint(MetricDataPoint.builder()
					.metricName(tooLong)
					.serviceName("s")
					.timestamp(Records.START)
					.build()));
				attempt(() -> traces
					.writeTrace(Trace.builder().traceId(tooLong).serviceName(PROMPT).startTime(Records.START).build()));
				attempt(() -> traces.writeSpan(span().spanId(tooLong).build()));
				attempt(() -> traces.writeSpan(span().attributes(attributes).build()));
				attempt(() -> traces.writeSpan(span().startTime(Instant.MIN).durationUs(1L).build()));
				attempt(() -> traces.writeLlmSpan(llmSpan().attributes(attributes).build()));
				attempt(() -> traces.writeLlmSpan(llmSpan().serviceName(tooLong).build()));
				attempt(() -> traces.writeEvent(TraceEvent.builder()
					.traceId("t")
					.spanId(tooLong)
					.name(PROMPT)
					.timestamp(Records.START)
					.build()));
				attempt(() -> traces.writeScore(score().name(tooLong).build()));
				attempt(() -> traces.writeScore(score().conversationId(PROMPT).build()));
				this.told.add(String.valueOf(traces.check(span().attributes(attributes).build())));
			}
		}
	}

	@Test
	void aRedactorThatThrows() {
		Redactor redactor = new Redactor() {
			@Override
			public io.observatory.storage.model.LogRecord redact(io.observatory.storage.model.LogRecord log) {
				throw new IllegalStateException(log.body(), new IllegalArgumentException(PROMPT));
			}

			@Override
			public TraceSpan redact(TraceSpan span) {
				throw new IllegalStateException(span.name());
			}
		};
		try (StoragePool pool = pool()) {
			writeAll(pool.dataSource(), quick().toBuilder().redactor(redactor).build());
		}
	}

	@Test
	void aTableThatIsGone() {
		server.jdbc()
			.execute("ALTER TABLE observatory.logs RENAME TO gone; ALTER TABLE observatory.traces RENAME TO away");
		try (StoragePool pool = pool()) {
			writeAll(pool.dataSource(), quick());
		}
		finally {
			server.jdbc()
				.execute("ALTER TABLE observatory.gone RENAME TO logs; ALTER TABLE observatory.away RENAME TO traces");
		}
	}

	@Test
	void whatRecordsAndSettingsSayOfThemselves() {
		Stream
			.of(log(), metric(), point(), trace(), span().build(), event(), llmSpan().build(), quick(),
					new SpanEvent(PROMPT, Records.START, Map.of(PROMPT, PROMPT)),
					new SpanLink("t", "s", Map.of(PROMPT, PROMPT)),
					new Exemplar(1, Records.START, "t", "s", Map.of(PROMPT, PROMPT)), new LlmInput.Text(PROMPT),
					LlmOutput.of(PROMPT, "stop"), config("guarded", "postgres", PASSWORD))
			.forEach((object) -> this.told.add(object.toString()));
	}

	/** The net itself has no holes: what is said on purpose is caught. */
	@Test
	void theTestSeesWhatIsTold() {
		Queue<String> caught = new ConcurrentLinkedQueue<>();
		logger("io.observatory.Probe").trace("{}", PROMPT, new IllegalStateException(new SQLException(PASSWORD)));
		driverLogger().finer(PROMPT);
		caught.addAll(this.told);
		caught.addAll(this.drivers);
		assertThat(caught).anyMatch((text) -> text.contains(PROMPT) && text.contains(PASSWORD))
			.anyMatch((text) -> text.startsWith("org.postgresql") && text.contains(PROMPT));
		this.told.clear();
		this.drivers.clear();
		this.told.add("seen");
	}

	// What goes down the paths

	/** Writes a record of each kind, and tells all that comes of it. */
	private void writeAll(DataSource dataSource, WriterConfig config) {
		LogWriter logs = new LogWriter(dataSource, config);
		MetricWriter metrics = new MetricWriter(dataSource, config);
		TraceWriter traces = new TraceWriter(dataSource, config);
		for (int i = 0; i < 3; i++) {
			attempt(() -> logs.writeLog(log()));
			attempt(() -> metrics.writeMetric(metric()));
			attempt(() -> metrics.writeDataPoint(point()));
			attempt(() -> traces.writeTrace(trace()));
			attempt(() -> traces.writeSpan(span().build()));
			attempt(() -> traces.writeLlmSpan(llmSpan().build()));
			attempt(() -> traces.writeEvent(event()));
			attempt(() -> traces.writeScore(score().build()));
		}
		for (Writer writer : List.of(logs, metrics, traces)) {
			attempt(writer::flush);
			told(writer);
			attempt(writer::close);
			told(writer);
		}
	}

	private void told(Writer writer) {
		this.told.add(writer.status() + " " + writer.writeStats() + " " + writer.bufferStats() + " " + writer.config()
				+ " " + writer);
	}

	private void attempt(Attempt attempt) {
		try {
			attempt.run();
		}
		catch (Exception ex) {
			this.told.add(everythingOf(ex));
		}
	}

	private static String everythingOf(Throwable ex) {
		StringWriter text = new StringWriter();
		ex.printStackTrace(new PrintWriter(text));
		for (Throwable cause = ex; cause != null; cause = cause.getCause()) {
			text.append(cause.toString()).append(cause.getMessage()).append(cause.getLocalizedMessage());
		}
		return text.toString();
	}

	private static io.observatory.storage.model.LogRecord log() {
		return io.observatory.storage.model.LogRecord.builder()
			.timestamp(Records.START)
			.serviceName(PROMPT)
			.severityText(PROMPT)
			.body(PROMPT)
			.scopeName(PROMPT)
			.scopeVersion(PROMPT)
			.attributes(Map.of(PROMPT, PROMPT))
			.resourceAttributes(Map.of(PROMPT, PROMPT))
			.scopeAttributes(Map.of(PROMPT, PROMPT))
			.build();
	}

	private static Metric metric() {
		return new Metric("requests." + System.nanoTime(), PROMPT, PROMPT, MetricType.GAUGE, "checkout",
				Map.of(PROMPT, PROMPT), Map.of(PROMPT, PROMPT), null);
	}

	private static MetricDataPoint point() {
		return MetricDataPoint.builder()
			.metricName("requests")
			.serviceName("checkout")
			.timestamp(Records.START)
			.value(1.0)
			.exemplars(List.of(new Exemplar(1, Records.START, null, null, Map.of(PROMPT, PROMPT))))
			.attributes(Map.of(PROMPT, PROMPT))
			.build();
	}

	private static Trace trace() {
		return Trace.builder()
			.traceId(Records.traceId(System.nanoTime()))
			.serviceName(PROMPT)
			.startTime(Records.START)
			.status(Status.ERROR)
			.statusMessage(PROMPT)
			.rootSpanName(PROMPT)
			.attributes(Map.of(PROMPT, PROMPT))
			.resourceAttributes(Map.of(PROMPT, PROMPT))
			.build();
	}

	private static TraceSpan.Builder span() {
		return TraceSpan.builder()
			.traceId(Records.traceId(System.nanoTime()))
			.spanId(Records.spanId(System.nanoTime()))
			.name(PROMPT)
			.serviceName(PROMPT)
			.startTime(Records.START)
			.statusMessage(PROMPT)
			.attributes(Map.of(PROMPT, PROMPT))
			.events(List.of(new SpanEvent(PROMPT, Records.START, Map.of(PROMPT, PROMPT))))
			.links(List.of(new SpanLink("t", "s", Map.of(PROMPT, PROMPT))));
	}

	private static LlmSpan.Builder llmSpan() {
		return LlmSpan.builder()
			.traceId(Records.traceId(System.nanoTime()))
			.spanId(Records.spanId(System.nanoTime()))
			.name(PROMPT)
			.serviceName(PROMPT)
			.provider(PROMPT)
			.model(PROMPT)
			.input(new LlmInput.Text(PROMPT))
			.output(LlmOutput.of(PROMPT, PROMPT))
			.statusMessage(PROMPT)
			.errorType(PROMPT)
			.attributes(Map.of(PROMPT, PROMPT))
			.latency(LlmLatency.of(Records.START, Duration.ofMillis(5)));
	}

	private static Score.Builder score() {
		return Score.builder()
			.traceId(Records.traceId(System.nanoTime()))
			.name(PROMPT)
			.source(Score.Source.REVIEWER)
			.label(PROMPT)
			.comment(PROMPT)
			.timestamp(Records.START)
			.serviceName(PROMPT);
	}

	private static TraceEvent event() {
		return TraceEvent.builder()
			.traceId(Records.traceId(1))
			.spanId(Records.spanId(1))
			.name(PROMPT)
			.timestamp(Records.START)
			.attributes(Map.of(PROMPT, PROMPT))
			.build();
	}

	/**
	 * Formats the statement with each table, and with a column of it that has a prompt.
	 */
	private static void everyTable(String first, String statement) {
		StringBuilder script = new StringBuilder(first);
		for (Subject subject : Subject.values()) {
			String column = (subject == Subject.SCORES) ? "comment" : "attributes";
			script.append(statement.formatted("observatory." + subject.table(), column)).append("; ");
		}
		server.jdbc().execute(script.toString());
	}

	/** Gives up soon: what it cannot store is lost at its close, which is told too. */
	private static WriterConfig quick() {
		return WriterConfig.logs()
			.maxConcurrency(1)
			.retry(new RetryConfig(2, Duration.ofMillis(1), 1, Duration.ofMillis(1)))
			.flushTimeout(Duration.ofMillis(700))
			.closeTimeout(Duration.ofMillis(50))
			.build();
	}

	private static StoragePool pool() {
		return new StoragePool(config("guarded", "postgres", PASSWORD));
	}

	private static StorageConfig config(String user, String database, String password) {
		return StorageConfig.fromEnv(Map.of("DATABASE_URL",
				"postgres://%s:%s@127.0.0.1:%d/%s".formatted(user, password, server.port(), database),
				"DB_POOL_CONNECT_TIMEOUT", "500ms", "DB_POOL_MAX_SIZE", "3", "DB_POOL_MIN_SIZE", "0"));
	}

	private static Logger logger(String name) {
		return (Logger) LoggerFactory.getLogger(name);
	}

	private static java.util.logging.Logger driverLogger() {
		return java.util.logging.Logger.getLogger("org.postgresql");
	}

	private static String abridged(String text) {
		int at = Math.max(text.indexOf(PROMPT), text.indexOf(PASSWORD));
		return text.substring(0, Math.min(text.length(), 200)) + " … "
				+ text.substring(Math.max(0, at - 200), Math.min(text.length(), at + 100));
	}

	private final class Appender extends AppenderBase<ILoggingEvent> {

		@Override
		protected void append(ILoggingEvent event) {
			String text = event.getLoggerName() + " " + event.getLevel() + " " + event.getFormattedMessage();
			if (event.getThrowableProxy() instanceof ThrowableProxy proxy) {
				text += everythingOf(proxy.getThrowable());
			}
			SecretsIT.this.told.add(text);
		}

	}

	/** The driver's log, but for FINEST, where it shows what it sends. */
	private final class DriverLog extends Handler {

		@Override
		public void publish(LogRecord log) {
			if (log.getLevel() != java.util.logging.Level.FINEST) {
				String text = log.getLoggerName() + " " + log.getLevel() + " " + log.getMessage() + " "
						+ MessageFormatter.arrayFormat("{} {} {} {}", log.getParameters()).getMessage();
				SecretsIT.this.drivers.add((log.getThrown() != null) ? text + everythingOf(log.getThrown()) : text);
			}
		}

		@Override
		public void flush() {
			// nothing is held back
		}

		@Override
		public void close() {
			// nothing is open
		}

	}

	/** Tells what it knows when it fails. */
	private static final class Failing extends DelegatingDataSource {

		private final boolean sql;

		Failing(DataSource target, boolean sql) {
			super(target);
			this.sql = sql;
		}

		@Override
		public java.sql.Connection getConnection() throws SQLException {
			if (this.sql) {
				throw new SQLException("No connection with " + PASSWORD, new IllegalStateException(PASSWORD));
			}
			throw new IllegalStateException("No connection with " + PASSWORD);
		}

	}

	private static final class Unstorable {

		@Override
		public String toString() {
			return PROMPT;
		}

	}

	/** Something that may throw. */
	private interface Attempt {

		void run() throws Exception;

	}

}
