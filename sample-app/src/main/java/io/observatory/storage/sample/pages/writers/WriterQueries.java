package io.observatory.storage.sample.pages.writers;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

import io.observatory.storage.sample.pages.PagesDatabase;
import io.observatory.storage.sample.pages.TimeRange;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The queries of the page about the writers. Of dead letters they read the reason, never
 * the content.
 */
@Component
class WriterQueries {

	/** The maximum that is counted. */
	static final int MAX_LETTERS_COUNTED = 100_000;

	private static final int MAX_LETTERS = 20;

	private static final int MAX_LANES = 100;

	private final JdbcClient jdbc;

	WriterQueries(PagesDatabase database) {
		this.jdbc = database.jdbc();
	}

	/**
	 * The tables with their sizes; the append tables with their partitions.
	 */
	List<StoredTable> tables() {
		List<Partition> partitions = partitions();
		return this.jdbc.sql("""
				SELECT c.relname, greatest(c.reltuples, 0)::bigint AS rows, pg_total_relation_size(c.oid) AS bytes
				  FROM pg_class AS c
				 WHERE c.oid IN ('traces'::regclass, 'trace_spans'::regclass, 'trace_events'::regclass,
				                 'metrics'::regclass, 'metric_data_points'::regclass, 'logs'::regclass,
				                 'scores'::regclass, 'dead_letters'::regclass)
				 ORDER BY array_position(ARRAY['traces', 'trace_spans', 'trace_events', 'metrics', 'metric_data_points',
				                               'logs', 'scores'], c.relname::text)
				""").query((row, number) -> {
			String name = row.getString("relname");
			List<Partition> own = partitions.stream().filter((partition) -> partition.table().equals(name)).toList();
			return own.isEmpty() ? new StoredTable(name, row.getLong("rows"), row.getLong("bytes"), own)
					: new StoredTable(name, own.stream().mapToLong(Partition::rows).sum(),
							own.stream().mapToLong(Partition::bytes).sum(), own);
		}).list();
	}

	private List<Partition> partitions() {
		return this.jdbc.sql("""
				SELECT p.table_name, p.partition_name,
				       CASE WHEN isfinite(p.lower_bound) THEN p.lower_bound END AS lower_bound,
				       CASE WHEN isfinite(p.upper_bound) THEN p.upper_bound END AS upper_bound,
				       greatest(c.reltuples, 0)::bigint AS rows, pg_total_relation_size(c.oid) AS bytes
				  FROM append_partitions() AS p
				  JOIN pg_class AS c ON c.relname = p.partition_name
				                   AND c.relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = 'logs'::regclass)
				 ORDER BY p.table_name, p.lower_bound DESC
				""")
			.query((row, number) -> new Partition(row.getString("table_name"), row.getString("partition_name"),
					PagesDatabase.instant(row, "lower_bound"), PagesDatabase.instant(row, "upper_bound"),
					row.getLong("rows"), row.getLong("bytes")))
			.list();
	}

	/**
	 * How many dead letters there are, at most one more than
	 * {@value #MAX_LETTERS_COUNTED}.
	 */
	long letters() {
		return this.jdbc.sql("SELECT count(*) FROM (SELECT FROM dead_letters LIMIT :limit) AS l")
			.param("limit", MAX_LETTERS_COUNTED + 1)
			.query(Long.class)
			.single();
	}

	/**
	 * The last dead letters of a time.
	 */
	List<Letter> lastLetters(TimeRange range) {
		return this.jdbc.sql("""
				SELECT table_name, sql_state, constraint_name, reason, attempts, failed_at
				  FROM dead_letters
				 WHERE failed_at >= :from AND failed_at < :to
				 ORDER BY failed_at DESC
				 LIMIT :limit
				""")
			.param("from", PagesDatabase.timestamp(range.from()))
			.param("to", PagesDatabase.timestamp(range.to()))
			.param("limit", MAX_LETTERS)
			.query((row, number) -> new Letter(row.getString("table_name"), row.getString("sql_state"),
					row.getString("constraint_name"), row.getString("reason"), row.getInt("attempts"),
					Objects.requireNonNull(PagesDatabase.instant(row, "failed_at"))))
			.list();
	}

	/**
	 * The lanes of all processes, the most recently used first.
	 */
	List<Lane> lanes() {
		return this.jdbc.sql("""
				SELECT writer, slot, position, updated_at
				  FROM lanes
				 ORDER BY updated_at DESC
				 LIMIT :limit
				""")
			.param("limit", MAX_LANES)
			.query((row, number) -> new Lane(row.getString("writer"), row.getInt("slot"), row.getLong("position"),
					Objects.requireNonNull(PagesDatabase.instant(row, "updated_at"))))
			.list();
	}

	/**
	 * A table.
	 *
	 * @param name its name
	 * @param rows how many rows it has, as the server estimates
	 * @param bytes its size, with indexes
	 * @param partitions its partitions, the newest first; none if it has none
	 */
	record StoredTable(String name, long rows, long bytes, List<Partition> partitions) {

		/**
		 * The end of its last partition.
		 */
		public @Nullable Instant end() {
			return this.partitions.isEmpty() ? null : this.partitions.get(0).to();
		}

	}

	/**
	 * A partition.
	 *
	 * @param table the table it belongs to
	 * @param name its name
	 * @param from its first instant; null for all that is older
	 * @param to the first instant after it; null for all that is newer
	 * @param rows how many rows it has, as the server estimates
	 * @param bytes its size, with indexes
	 */
	record Partition(String table, String name, @Nullable Instant from, @Nullable Instant to, long rows, long bytes) {

	}

	/**
	 * A dead letter, without its content.
	 *
	 * @param table the table of its row
	 * @param sqlState the SQLSTATE of the refusal
	 * @param constraint the constraint that it violated
	 * @param reason the reason in words
	 * @param attempts how often it was sent
	 * @param failedAt when it was stored
	 */
	record Letter(String table, @Nullable String sqlState, @Nullable String constraint, String reason, int attempts,
			Instant failedAt) {

	}

	/**
	 * A lane.
	 *
	 * @param writer the writer
	 * @param slot the number of its flush worker
	 * @param position number of batches that it stored
	 * @param updatedAt when it moved
	 */
	record Lane(String writer, int slot, long position, Instant updatedAt) {

	}

}
