package io.observatory.storage.sample.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import io.observatory.storage.table.Layout;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.flywaydb.core.Flyway;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * A database of its own in a PostgreSQL server that all tests share. Sessions of the
 * sample have a time zone that is neither its JVM's nor UTC. In a server that was running
 * before, {@code it.url}, it is always the same database, emptied.
 *
 * @param url the JDBC URL
 * @param jdbc for queries
 */
public record TestDatabase(String url, JdbcTemplate jdbc) {

	/** What all schemas are made with: partitioned, if {@code it.layout} is not set. */
	public static final Layout LAYOUT = Layout
		.valueOf(System.getProperty("it.layout", "partitioned").toUpperCase(Locale.ROOT));

	private static final AtomicInteger COUNT = new AtomicInteger();

	public static TestDatabase create() {
		String given = System.getProperty("it.url");
		return (given != null) ? at(given).emptied() : inTheSharedServer();
	}

	private static TestDatabase inTheSharedServer() {
		String name = "it_" + COUNT.incrementAndGet();
		at(Server.POSTGRES.getJdbcUrl("postgres", "postgres")).jdbc().execute("CREATE DATABASE " + name);
		return at(Server.POSTGRES.getJdbcUrl("postgres", name));
	}

	/**
	 * A database with the tables, and 200 calls of models: a call a minute until now, the
	 * latest 1 ms long, the one before 2 ms, and so on. Every tenth failed; each cost a
	 * cent, and was scored by a user.
	 */
	public static TestDatabase withCalls() {
		TestDatabase database = create();
		database.migrate();
		database.jdbc.execute(
				"""
						INSERT INTO observatory.traces (id, trace_id, service_name, start_time, status, span_count)
						SELECT md5('t' || n)::uuid, md5('t' || n), 'shop', now() - n * interval '1 minute', 'ok', 1
						  FROM generate_series(1, 200) AS n;
						INSERT INTO observatory.trace_spans (id, trace_id, span_id, name, kind, service_name, start_time, end_time,
						                                     duration_us, status, attributes)
						SELECT md5('s' || n)::uuid, md5('t' || n)::uuid, substr(md5('s' || n), 1, 16), 'chat', 'client', 'shop',
						       now() - n * interval '1 minute', now() - n * interval '0.999 minute', n * 1000,
						       CASE WHEN n % 10 = 0 THEN 'error' ELSE 'ok' END,
						       jsonb_build_object('gen_ai.operation.name', 'chat', 'gen_ai.request.model',
						           (ARRAY['gpt-4o', 'claude-sonnet-4'])[1 + n % 2], 'gen_ai.usage.input_tokens', 10,
						           'gen_ai.usage.output_tokens', 5, 'llm.cost.amount_usd', 0.01,
						           'gen_ai.response.time_to_first_chunk', 0.1, 'gen_ai.conversation.id', 'talk ' || n / 10,
						           'user.id', 'user ' || n % 7)
						  FROM generate_series(1, 200) AS n;
						INSERT INTO observatory.scores (id, target_id, trace_id, name, source, value, timestamp, service_name)
						SELECT md5('r' || n)::uuid, md5('t' || n)::uuid, md5('t' || n), 'helpful', 'user', n % 2, now(), 'shop'
						  FROM generate_series(1, 200) AS n;
						ANALYZE observatory.traces, observatory.trace_spans, observatory.scores;
						""");
		return database;
	}

	/** The sample finds the tables as the extension that is there keeps them. */
	private TestDatabase emptied() {
		this.jdbc.execute("DROP SCHEMA IF EXISTS observatory CASCADE");
		migrate();
		this.jdbc
			.queryForList("SELECT CASE extname WHEN 'citus' THEN 'distribute' ELSE 'make_hypertables' END "
					+ "FROM pg_extension WHERE extname IN ('citus', 'timescaledb')", String.class)
			.forEach((function) -> this.jdbc.execute("SELECT observatory." + function + "()"));
		return this;
	}

	/** As the sample does when it starts. */
	private void migrate() {
		Flyway.configure()
			.dataSource(this.url, null, null)
			.locations(LAYOUT.migrations().stream().map((folder) -> "classpath:" + folder).toArray(String[]::new))
			.schemas("observatory")
			.table("observatory_schema_history")
			.load()
			.migrate();
	}

	static TestDatabase at(String url) {
		return new TestDatabase(url, new JdbcTemplate(new DriverManagerDataSource(url)));
	}

	/** That of a sample with an embedded PostgreSQL, whose password is in a file. */
	static TestDatabase embeddedIn(SampleProcess sample, Path directory) {
		return at(sample.logged("PostgreSQL is at (jdbc:postgresql://\\S+), its data") + "&password="
				+ password(directory));
	}

	private static String password(Path directory) {
		try {
			String line = Files.readString(directory.resolve("pgpass")).strip();
			return line.substring(line.lastIndexOf(':') + 1);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * The records of the tests are of any time since 1970, and stay. They are buffered in
	 * memory, because each test has another database.
	 */
	public String[] arguments(String... more) {
		return Stream.concat(Stream.of("--observatory.storage.spool.directory="), argumentsWithSpool(more))
			.toArray(String[]::new);
	}

	/** With a spool where the sample has it. */
	Stream<String> argumentsWithSpool(String... more) {
		return Stream.concat(Stream.of("--spring.datasource.url=" + this.url, "--observatory.storage.layout=" + LAYOUT,
				"--spring.datasource.hikari.connection-init-sql=SET TIME ZONE 'Asia/Kathmandu'",
				"--observatory.storage.retention.traces=36500d", "--observatory.storage.retention.logs=36500d",
				"--observatory.storage.retention.metrics=36500d"), Stream.of(more));
	}

	/** Started by the first who asks; stopped by its own shutdown hook. */
	private static final class Server {

		private static final EmbeddedPostgres POSTGRES = start();

		private static EmbeddedPostgres start() {
			try {
				return EmbeddedPostgres.builder().setServerConfig("fsync", "off").start();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

}
