package io.observatory.storage.sample.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import io.observatory.storage.sample.it.TestDatabase;
import io.observatory.storage.table.Layout;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;

import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * An embedded PostgreSQL with durable settings that holds what {@code bench/pages.sql}
 * says, and can tell how it ran the statements of the pages.
 */
final class LoadedServer implements AutoCloseable {

	/** As the connections of the pages call themselves. */
	private static final String PAGES = "observatory-pages|";

	/** Each is a trace of five spans. */
	private static final long REQUESTS = Long.getLong("bench.rows", 1_000_000) / 5;

	private static final long REQUESTS_AT_ONCE = 200_000;

	private final @Nullable EmbeddedPostgres server;

	private final int port;

	private final Path log;

	private LoadedServer(@Nullable EmbeddedPostgres server, int port, Path log) {
		this.server = server;
		this.port = port;
		this.log = log;
	}

	static LoadedServer start(Path directory) throws IOException {
		Path logs = Files.createDirectories(directory).toAbsolutePath();
		Integer running = Integer.getInteger("bench.port");
		if (running != null) {
			LoadedServer server = new LoadedServer(null, running, logs.resolve("pages-server.log"));
			if (!server.isLoaded()) {
				server.load();
			}
			return server;
		}
		Files.deleteIfExists(logs.resolve("pages-server.log"));
		EmbeddedPostgres server = EmbeddedPostgres.builder()
			.setServerConfig("fsync", "on")
			.setServerConfig("synchronous_commit", "on")
			.setServerConfig("full_page_writes", "on")
			.setServerConfig("shared_buffers", "1GB")
			.setServerConfig("max_wal_size", "4GB")
			.setServerConfig("logging_collector", "on")
			.setServerConfig("log_directory", logs.toString())
			.setServerConfig("log_filename", "pages-server.log")
			.setServerConfig("log_file_mode", "0644")
			.setServerConfig("log_line_prefix", "%a|")
			.setServerConfig("session_preload_libraries", "auto_explain")
			.setServerConfig("auto_explain.log_analyze", "on")
			.setServerConfig("auto_explain.log_buffers", "on")
			.start();
		LoadedServer loaded = new LoadedServer(server, server.getPort(), logs.resolve("pages-server.log"));
		loaded.load();
		return loaded;
	}

	String url() {
		return "jdbc:postgresql://127.0.0.1:" + this.port + "/postgres?user=postgres";
	}

	JdbcTemplate jdbc() {
		return new JdbcTemplate(new DriverManagerDataSource(url()));
	}

	private boolean isLoaded() {
		return Boolean.TRUE
			.equals(jdbc().queryForObject("SELECT to_regclass('observatory.traces') IS NOT NULL", Boolean.class));
	}

	private void load() throws IOException {
		Layout layout = TestDatabase.LAYOUT;
		Flyway.configure()
			.dataSource(url(), "postgres", "")
			.locations(layout.migrations().stream().map((folder) -> "classpath:" + folder).toArray(String[]::new))
			.schemas("observatory")
			.defaultSchema("observatory")
			.table("observatory_schema_history")
			.load()
			.migrate();
		jdbc().execute(script("bench/days.sql"));
		SingleConnectionDataSource connection = new SingleConnectionDataSource(url(), true);
		JdbcTemplate jdbc = new JdbcTemplate(connection);
		// one at a time: VACUUM is not for a transaction
		Stream.of(script("bench/pages.sql").replace("{requests}", Long.toString(REQUESTS)).split(";\n"))
			.filter((statement) -> !statement.isBlank())
			.flatMap(LoadedServer::parts)
			.forEach((statement) -> execute(jdbc, statement));
		connection.destroy();
	}

	/**
	 * A statement that sorts what it inserts gets no more at once than fits on a disk.
	 */
	private static Stream<String> parts(String statement) {
		return LongStream.iterate(0, (from) -> from < REQUESTS, (from) -> from + REQUESTS_AT_ONCE)
			.mapToObj((from) -> statement.replace("{from}", Long.toString(from))
				.replace("{to}", Long.toString(from + REQUESTS_AT_ONCE)))
			.distinct();
	}

	private static void execute(JdbcTemplate jdbc, String statement) {
		long begun = System.nanoTime();
		jdbc.execute(statement);
		long seconds = (System.nanoTime() - begun) / 1_000_000_000;
		if (seconds > 0) {
			System.out.printf("%4d s  %s%n", seconds,
					statement.lines()
						.filter((line) -> !line.startsWith("--") && !line.isBlank())
						.findFirst()
						.orElse(""));
		}
	}

	private static String script(String name) throws IOException {
		return new ClassPathResource(name).getContentAsString(StandardCharsets.UTF_8);
	}

	/**
	 * Returns how the statements of the pages ran that a task led to, as EXPLAIN
	 * (ANALYZE, BUFFERS) shows it.
	 */
	String plans(Runnable task) {
		if (Files.notExists(this.log)) {
			return "";
		}
		try {
			explain(true);
			long begun = Files.size(this.log);
			task.run();
			explain(false);
			String written = Files.readString(this.log).substring(Math.toIntExact(begun));
			return Stream.of(written.split("(?m)^(?=[^|\t\n]*\\|)"))
				.filter((entry) -> entry.startsWith(PAGES) && entry.contains("plan:"))
				.map((entry) -> entry.substring(PAGES.length()))
				.collect(Collectors.joining("\n"));
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private void explain(boolean on) {
		jdbc().execute("ALTER SYSTEM SET auto_explain.log_min_duration = " + (on ? "0" : "-1"));
		jdbc().queryForList("SELECT pg_reload_conf(), pg_sleep(0.5)");
	}

	@Override
	public void close() throws IOException {
		if (this.server != null) {
			this.server.close();
		}
	}

}
