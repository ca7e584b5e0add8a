package io.observatory.storage.testing;

import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The day partitions that an application would have made had it been running for longer.
 */
public final class PastDays {

	private PastDays() {
	}

	/**
	 * Makes them for so many days before the first that there is. What the partitions for
	 * all time before it hold is lost. Where the server makes them as rows come, there is
	 * nothing to make.
	 */
	public static void make(JdbcTemplate jdbc, String schema, int days) {
		jdbc.execute(
				"""
						DO $$
						DECLARE
						    before record;
						    day    timestamptz;
						    oldest timestamptz := (date_trunc('day', now() AT TIME ZONE 'UTC') - interval '%2$d days') AT TIME ZONE 'UTC';
						BEGIN
						    FOR before IN SELECT * FROM %1$s.append_partitions() WHERE lower_bound = '-infinity' AND partition_name IS NOT NULL LOOP
						        EXECUTE format('DROP TABLE %1$s.%%I', before.partition_name);
						        PERFORM %1$s.make_partition(before.table_name, before.partition_name, '-infinity', oldest);
						        FOR day IN SELECT generate_series(oldest, before.upper_bound - interval '1 day', interval '1 day') LOOP
						            PERFORM %1$s.make_partition(before.table_name,
						                before.table_name || to_char(day AT TIME ZONE 'UTC', '_YYYYMMDD'), day, day + interval '1 day');
						        END LOOP;
						    END LOOP;
						END
						$$"""
					.formatted(schema, days));
	}

}
