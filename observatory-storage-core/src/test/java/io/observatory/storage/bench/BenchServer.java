package io.observatory.storage.bench;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.observatory.storage.testing.Database;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * An embedded PostgreSQL with durable settings, and pools of connections to it. The
 * system property {@code bench.port} names a running server on this machine to be used
 * instead, one that holds nothing worth keeping.
 */
final class BenchServer implements AutoCloseable {

	private static final List<String> SHOWN = List.of("server_version", "fsync", "synchronous_commit",
			"full_page_writes", "data_checksums", "shared_buffers", "max_wal_size", "checkpoint_timeout", "wal_level",
			"autovacuum");

	private static final int POOL_SIZE = 4;

	private final @Nullable EmbeddedPostgres server;

	private final int port;

	private final HikariDataSource plain;

	private final HikariDataSource rewriting;

	private final JdbcTemplate jdbc;

	BenchServer() throws IOException {
		this(Map.of());
	}

	/** Starts a server with other settings than usual. */
	BenchServer(Map<String, String> settings) throws IOException {
		Integer running = Integer.getInteger("bench.port");
		this.server = (running == null) ? start(settings) : null;
		this.port = (this.server != null) ? this.server.getPort() : running;
		this.plain = pool(this.port, "");
		this.rewriting = pool(this.port, "reWriteBatchedInserts=true");
		this.jdbc = new JdbcTemplate(this.plain);
		Database.migrate(this.plain, "observatory");
		LogsAsShippedWorkload.createTable(this.jdbc, 0);
	}

	private static EmbeddedPostgres start(Map<String, String> settings) throws IOException {
		EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
			.setServerConfig("fsync", "on")
			.setServerConfig("synchronous_commit", "on")
			.setServerConfig("full_page_writes", "on")
			.setServerConfig("shared_buffers", "1GB")
			.setServerConfig("max_wal_size", "4GB");
		settings.forEach(builder::setServerConfig);
		return builder.start();
	}

	/** Returns connections by way of a port, be it the server's or a proxy's. */
	static HikariDataSource pool(int port, String parameters) {
		return pool(port, "postgres", parameters);
	}

	static HikariDataSource pool(int port, String database, String parameters) {
		HikariDataSource pool = new HikariDataSource();
		pool.setJdbcUrl("jdbc:postgresql://localhost:%d/%s?user=postgres&%s".formatted(port, database, parameters));
		pool.setMaximumPoolSize(POOL_SIZE);
		return pool;
	}

	int port() {
		return this.port;
	}

	DataSource plain() {
		return this.plain;
	}

	DataSource rewriting() {
		return this.rewriting;
	}

	JdbcTemplate jdbc() {
		return this.jdbc;
	}

	void printSettings() {
		for (String setting : SHOWN) {
			System.out.printf("%s = %s%n", setting, this.jdbc.queryForObject("SHOW " + setting, String.class));
		}
	}

	/**
	 * Empties whatever has rows, partitions one by one: there are many, and most are
	 * empty.
	 */
	void empty() {
		List<String> filled = this.jdbc.queryForList("""
				SELECT oid::regclass::text FROM pg_class
				WHERE relnamespace IN ('observatory'::regnamespace, 'usual'::regnamespace) AND relkind = 'r'
				AND relname <> 'flyway_schema_history'
				AND (pg_relation_size(oid) > 0 OR relname IN ('traces', 'trace_spans'))""", String.class);
		this.jdbc.execute("TRUNCATE " + filled.stream().collect(Collectors.joining(", ")));
		this.jdbc.execute("CHECKPOINT");
	}

	/** Returns how many checkpoints there were. */
	long checkpoints() {
		return this.jdbc.queryForObject("SELECT num_timed + num_requested FROM pg_stat_checkpointer", Long.class);
	}

	/** Makes today's partition of the logs one without WAL. */
	void makeLogsUnlogged() {
		String partition = this.jdbc.queryForObject("""
				SELECT partition_name FROM observatory.append_partitions()
				WHERE table_name = 'logs' AND now() >= lower_bound AND now() < upper_bound""", String.class);
		this.jdbc.execute("ALTER TABLE observatory." + partition + " SET UNLOGGED");
	}

	/** Measures a cell with empty tables, and sees that all is stored. */
	Measurement measure(Cell cell, long rows) {
		empty();
		Measurement measurement = cell.run(rows);
		cell.workload().verify(this.jdbc, rows);
		return measurement;
	}

	@Override
	public void close() throws IOException {
		this.plain.close();
		this.rewriting.close();
		if (this.server != null) {
			this.server.close();
		}
	}

}
