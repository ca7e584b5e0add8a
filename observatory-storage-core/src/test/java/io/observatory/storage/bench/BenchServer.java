package io.observatory.storage.bench;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.observatory.storage.testing.Database;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import org.springframework.jdbc.core.JdbcTemplate;

/**
 * An embedded PostgreSQL with durable settings, and pools of connections to it.
 */
final class BenchServer implements AutoCloseable {

	private static final List<String> SHOWN = List.of("server_version", "fsync", "synchronous_commit",
			"full_page_writes", "data_checksums", "shared_buffers", "max_wal_size", "checkpoint_timeout", "wal_level",
			"autovacuum");

	private static final int POOL_SIZE = 4;

	private final EmbeddedPostgres server;

	private final HikariDataSource plain;

	private final HikariDataSource rewriting;

	private final JdbcTemplate jdbc;

	BenchServer() throws IOException {
		this(Map.of());
	}

	/** Starts a server with other settings than usual. */
	BenchServer(Map<String, String> settings) throws IOException {
		EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
			.setServerConfig("fsync", "on")
			.setServerConfig("synchronous_commit", "on")
			.setServerConfig("full_page_writes", "on")
			.setServerConfig("shared_buffers", "1GB")
			.setServerConfig("max_wal_size", "4GB");
		settings.forEach(builder::setServerConfig);
		this.server = builder.start();
		this.plain = pool(port(), "");
		this.rewriting = pool(port(), "reWriteBatchedInserts=true");
		this.jdbc = new JdbcTemplate(this.plain);
		Database.migrate(this.plain, "observatory");
		LogsAsShippedWorkload.createTable(this.jdbc);
	}

	/** Returns connections by way of a port, be it the server's or a proxy's. */
	static HikariDataSource pool(int port, String parameters) {
		HikariDataSource pool = new HikariDataSource();
		pool.setJdbcUrl("jdbc:postgresql://localhost:%d/postgres?user=postgres&%s".formatted(port, parameters));
		pool.setMaximumPoolSize(POOL_SIZE);
		return pool;
	}

	int port() {
		return this.server.getPort();
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
		this.server.close();
	}

}
