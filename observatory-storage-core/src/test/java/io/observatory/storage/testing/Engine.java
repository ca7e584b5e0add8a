package io.observatory.storage.testing;

import java.util.List;
import java.util.Locale;

import org.springframework.jdbc.core.JdbcTemplate;

/**
 * What keeps the tables: PostgreSQL by itself, or one of the extensions of docs/scale.md.
 */
public enum Engine {

	POSTGRESQL {

		/**
		 * There are many partitions, and each that is truncated gets new files.
		 */
		@Override
		List<String> filled(JdbcTemplate jdbc) {
			return jdbc.queryForList(
					"""
							SELECT oid::regclass::text FROM pg_class
							WHERE relnamespace = 'observatory'::regnamespace AND relkind = 'r' AND (relname IN ('traces', 'trace_spans')
							OR (pg_relation_size(oid) > 0 AND (relispartition OR relname IN ('metrics', 'scores', 'lanes', 'dead_letters'))))""",
					String.class);
		}

	},

	CITUS {

		@Override
		void prepare(JdbcTemplate jdbc, String schema) {
			jdbc.execute("SELECT \"" + schema + "\".distribute()");
		}

		/**
		 * As above, by the shards on the workers: a table is truncated on each of them.
		 * The size that Citus tells is that of the indexes too, which are never empty.
		 */
		@Override
		List<String> filled(JdbcTemplate jdbc) {
			List<String> tables = jdbc.queryForList(
					"""
							SELECT DISTINCT s.logicalrelid::text FROM run_command_on_workers($$
							SELECT coalesce(array_agg(substring(relname FROM '\\d+$')::bigint), '{}') FROM pg_class
							WHERE relnamespace = 'observatory'::regnamespace AND relkind = 'r' AND pg_relation_size(oid) > 0$$) w
							JOIN pg_dist_shard s ON s.shardid = ANY (w.result::bigint[])""",
					String.class);
			tables.addAll(List.of("observatory.lanes", "observatory.dead_letters"));
			return tables;
		}

	},

	TIMESCALEDB {

		@Override
		void prepare(JdbcTemplate jdbc, String schema) {
			jdbc.execute("SELECT \"" + schema + "\".make_hypertables()");
		}

	};

	static Engine of(JdbcTemplate jdbc) {
		return jdbc
			.queryForList("SELECT extname FROM pg_extension WHERE extname IN ('citus', 'timescaledb')", String.class)
			.stream()
			.map((extension) -> valueOf(extension.toUpperCase(Locale.ROOT)))
			.findFirst()
			.orElse(POSTGRESQL);
	}

	/** Does what is to be done by hand after the migration. */
	void prepare(JdbcTemplate jdbc, String schema) {
	}

	/** Returns the tables that may have rows, all of them by default. */
	List<String> filled(JdbcTemplate jdbc) {
		return List.of("observatory.traces", "observatory.trace_spans", "observatory.trace_events",
				"observatory.metrics", "observatory.metric_data_points", "observatory.logs", "observatory.scores",
				"observatory.lanes", "observatory.dead_letters");
	}

}
