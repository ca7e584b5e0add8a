package io.observatory.storage.bench;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import com.zaxxer.hikari.HikariDataSource;
import io.observatory.storage.table.Layout;
import io.observatory.storage.testing.Database;
import io.observatory.storage.testing.PastDays;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * A database of one layout whose tables are filled with many times the same few rows that
 * the library stored, under other ids and at other times, over some days until today.
 */
final class GrowingTables implements AutoCloseable {

	private static final int DAYS = 20;

	/** So many rows are the pattern of all others. */
	static final long PATTERN = 10_000;

	/** Columns that refer to another row, and have to do so in each copy. */
	private static final Map<String, String> NEW_VALUES = Map.of("id", "gen_random_uuid()", "span_id",
			"substr(md5(span_id || copy), 1, 16)", "parent_span_id", "substr(md5(parent_span_id || copy), 1, 16)");

	private final Workload<?> workload;

	private final Layout layout;

	private final HikariDataSource pool;

	private final JdbcTemplate jdbc;

	private long copies;

	GrowingTables(BenchServer server, Workload<?> workload, Layout layout) {
		this.workload = workload;
		this.layout = layout;
		String name = "growth_" + layout.text() + "_" + workload;
		server.jdbc().execute("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
		server.jdbc().execute("CREATE DATABASE " + name);
		server.jdbc().execute("ALTER DATABASE " + name + " SET maintenance_work_mem = '1GB'");
		this.pool = BenchServer.pool(server.port(), name, "");
		this.jdbc = new JdbcTemplate(this.pool);
		Database.migrate(this.pool, "observatory", layout);
		PastDays.make(this.jdbc, "observatory", DAYS);
		keepPattern();
	}

	private void keepPattern() {
		new Cell(this.workload, new Observatory(this.pool), 1).run(PATTERN);
		this.jdbc.execute("CREATE SCHEMA pattern");
		for (Workload.Stored table : this.workload.tables()) {
			this.jdbc.execute("CREATE TABLE %s AS SELECT * FROM %s".formatted(pattern(table), table.name()));
		}
		empty();
	}

	private static String pattern(Workload.Stored table) {
		return table.name().replace("observatory.", "pattern.");
	}

	Layout layout() {
		return this.layout;
	}

	HikariDataSource pool() {
		return this.pool;
	}

	JdbcTemplate jdbc() {
		return this.jdbc;
	}

	void empty() {
		this.jdbc.execute("TRUNCATE "
				+ this.workload.tables().stream().map(Workload.Stored::name).collect(Collectors.joining(", ")));
	}

	/**
	 * Fills the tables, up to so many rows. The source's keys are dropped for it, and
	 * made again as they are when they have grown, with 70 % of each page in use.
	 */
	void fill(long rows) {
		long more = (rows / PATTERN - this.copies) / DAYS;
		System.out.printf("Filling %s %s with %,d rows%n", this.layout.text(), this.workload, more * DAYS * PATTERN);
		List<Map<String, Object>> keys = (this.layout == Layout.SOURCE) ? this.jdbc.queryForList(KEYS) : List.of();
		keys.forEach((key) -> this.jdbc.execute(key.get("remove").toString()));
		for (int day = 0; day < DAYS; day++) {
			for (Workload.Stored table : this.workload.tables()) {
				this.jdbc.execute(copy(table, day, this.copies + more));
			}
			this.copies += more;
			this.jdbc.execute("CHECKPOINT");
		}
		for (int key = keys.size() - 1; key >= 0; key--) {
			this.jdbc.execute(keys.get(key).get("make").toString());
		}
		this.workload.tables().forEach((table) -> this.jdbc.execute("VACUUM ANALYZE " + table.name()));
	}

	private String copy(Workload.Stored table, int day, long until) {
		List<String> columns = this.jdbc.queryForList("SELECT attname FROM pg_attribute WHERE attrelid = '"
				+ pattern(table) + "'::regclass AND attnum > 0 ORDER BY attnum", String.class);
		String values = columns.stream().map((column) -> value(table, column, day)).collect(Collectors.joining(", "));
		return "INSERT INTO %s (%s) SELECT %s FROM %s CROSS JOIN generate_series(%d, %d) AS copy"
			.formatted(table.name(), String.join(", ", columns), values, pattern(table), this.copies + 1, until);
	}

	/** Each copy is a second later, and its traces are its own. */
	private static String value(Workload.Stored table, String column, int day) {
		if (column.equals("start_time") || column.equals("end_time") || column.equals("timestamp")) {
			return "%s - interval '%d days' + copy %% 80000 * interval '1 s'".formatted(column, day);
		}
		if (table.name().endsWith(".traces") && (column.equals("id") || column.equals("trace_id"))) {
			return "md5(id::text || copy)" + (column.equals("id") ? "::uuid" : "");
		}
		if (table.name().endsWith(".trace_spans") && column.equals("trace_id")) {
			return "md5(trace_id::text || copy)::uuid";
		}
		return NEW_VALUES.getOrDefault(column, column);
	}

	/** Foreign keys go first and come last. */
	private static final String KEYS = """
			SELECT k.remove, k.make
			  FROM (SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', c.conrelid::regclass, c.conname) AS remove,
			               format('ALTER TABLE %s ADD CONSTRAINT %I %s', c.conrelid::regclass, c.conname,
			                      CASE c.contype WHEN 'f' THEN pg_get_constraintdef(c.oid)
			                          ELSE replace(pg_get_constraintdef(c.oid), ')', ') WITH (fillfactor = 70)') END) AS make
			          FROM pg_constraint AS c
			         WHERE c.conrelid IN ('observatory.traces'::regclass, 'observatory.trace_spans'::regclass)
			           AND c.contype IN ('f', 'p', 'u')
			        UNION ALL
			        SELECT format('DROP INDEX %s', i.indexrelid::regclass),
			               regexp_replace(pg_get_indexdef(i.indexrelid), '\\(trace_id\\)$', '(trace_id) WITH (fillfactor = 70)')
			          FROM pg_index AS i
			         WHERE i.indrelid IN ('observatory.traces'::regclass, 'observatory.trace_spans'::regclass)
			           AND NOT EXISTS (SELECT FROM pg_constraint AS c WHERE c.conindid = i.indexrelid)) AS k
			 ORDER BY k.remove LIKE '%\\_fkey' DESC
			""";

	long wal() {
		return number("SELECT pg_current_wal_insert_lsn() - '0/0'");
	}

	long disk() {
		return this.workload.tables()
			.stream()
			.mapToLong((table) -> number("SELECT coalesce(sum(pg_total_relation_size(relid)), pg_total_relation_size('"
					+ table.name() + "')) FROM pg_partition_tree('" + table.name() + "')"))
			.sum();
	}

	private long number(String sql) {
		Long number = this.jdbc.queryForObject(sql, Long.class);
		return (number != null) ? number : -1;
	}

	@Override
	public void close() {
		String name = this.jdbc.queryForObject("SELECT current_database()", String.class);
		String url = this.pool.getJdbcUrl().replace(String.valueOf(name), "postgres");
		this.pool.close();
		new JdbcTemplate(new DriverManagerDataSource(url)).execute("DROP DATABASE " + name + " WITH (FORCE)");
	}

}
