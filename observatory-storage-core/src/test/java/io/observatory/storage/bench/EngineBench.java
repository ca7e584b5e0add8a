package io.observatory.storage.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.zaxxer.hikari.HikariDataSource;
import io.observatory.storage.testing.Database;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a row costs the servers of an engine, all of them on this machine: a running
 * server ({@code bench.port}) of PostgreSQL, Citus or TimescaleDB, that holds nothing
 * worth keeping, with the layout of {@code it.layout}. Linux only.
 */
final class EngineBench implements AutoCloseable {

	private static final int CONNECTIONS = 2;

	private static final long MICROS_PER_TICK = 10_000;

	private final BenchOptions options;

	private final HikariDataSource pool;

	private final JdbcTemplate jdbc;

	private final List<JdbcTemplate> nodes;

	EngineBench(BenchOptions options) {
		this.options = options;
		int port = Objects.requireNonNull(Integer.getInteger("bench.port"), "-Dbench.port names the server");
		this.pool = BenchServer.pool(port, "");
		this.jdbc = new JdbcTemplate(this.pool);
		this.nodes = ports(port).stream().map((each) -> new JdbcTemplate(BenchServer.pool(each, ""))).toList();
		this.jdbc.execute("DROP SCHEMA IF EXISTS observatory CASCADE");
		Database.migrate(this.pool, "observatory");
	}

	/** Those of Citus, the coordinator's among them, or the one. */
	private List<Integer> ports(int port) {
		return (this.jdbc.queryForList("SELECT to_regclass('pg_dist_node')", String.class).get(0) == null)
				? List.of(port) : this.jdbc.queryForList("SELECT nodeport FROM pg_dist_node", Integer.class);
	}

	void run() throws IOException {
		List<RowCost> report = new ArrayList<>();
		for (Workload<?> workload : this.options.workloads("trace_spans,logs,metric_data_points")) {
			List<RowCost> rounds = new ArrayList<>();
			for (int round = 0; round <= this.options.rounds(3); round++) {
				rounds.add(measure(workload));
				System.out.println(rounds.get(round));
			}
			RowCost median = RowCost.median(rounds.subList(1, rounds.size()));
			System.out.printf("%nmedian: %s%n%s%n%n", median, median.estimates());
			report.add(median);
		}
		Files.createDirectories(this.options.directory());
		Files.writeString(this.options.directory().resolve("engine.json"),
				JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(report));
	}

	private RowCost measure(Workload<?> workload) {
		this.jdbc.execute(
				"TRUNCATE " + workload.tables().stream().map(Workload.Stored::name).collect(Collectors.joining(", ")));
		this.nodes.forEach((node) -> node.execute("CHECKPOINT"));
		long rows = workload.rows(this.options.scale(1));
		long cpu = sum(EngineBench::cpuMicros);
		long wal = sum(EngineBench::walBytes);
		long disk = sum(EngineBench::diskBytes);
		Measurement ours = new Cell(workload, new Observatory(this.pool), CONNECTIONS).run(rows);
		return new RowCost(workload.name(), Database.LAYOUT.name().toLowerCase(Locale.ROOT), rows, ours.rowsPerSecond(),
				(sum(EngineBench::cpuMicros) - cpu) / (double) rows, (sum(EngineBench::walBytes) - wal) / (double) rows,
				(sum(EngineBench::diskBytes) - disk) / (double) rows);
	}

	private long sum(ToLongFunction<JdbcTemplate> figure) {
		return this.nodes.stream().mapToLong(figure).sum();
	}

	private static long walBytes(JdbcTemplate node) {
		return number(node, "SELECT pg_current_wal_insert_lsn() - '0/0'");
	}

	private static long diskBytes(JdbcTemplate node) {
		return number(node, "SELECT pg_database_size(current_database())");
	}

	private static long number(JdbcTemplate node, String sql) {
		Long number = node.queryForObject(sql, Long.class);
		return (number != null) ? number : -1;
	}

	/** Of all processes of a server, those that have ended included. */
	private static long cpuMicros(JdbcTemplate node) {
		ProcessHandle server = ProcessHandle.of(number(node, "SELECT pg_backend_pid()"))
			.flatMap(ProcessHandle::parent)
			.orElseThrow();
		long ticks = ticks(server.pid(), 4) + server.children().mapToLong((child) -> ticks(child.pid(), 2)).sum();
		return ticks * MICROS_PER_TICK;
	}

	/** The times of a process, in user and in system mode, and of children that ended. */
	private static long ticks(long pid, int times) {
		try {
			String stat = Files.readString(Path.of("/proc", String.valueOf(pid), "stat"));
			return Stream.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1))
				.skip(11)
				.limit(times)
				.mapToLong(Long::parseLong)
				.sum();
		}
		catch (IOException ex) {
			// it has ended meanwhile, and its parent has its times
			return 0;
		}
	}

	@Override
	public void close() {
		this.pool.close();
		this.nodes.forEach((node) -> ((HikariDataSource) node.getDataSource()).close());
	}

}
