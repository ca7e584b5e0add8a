package io.observatory.storage.sample.alerts;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Figures of the calls, read from the views by one of the processes that share the
 * database, and by all of them from a table of one row. Whoever locks that row when it is
 * due reads the views, in the same transaction; others skip it. So the views are read
 * once a minute at most, and less often if that takes long: ten times as long as it took
 * passes before the next. That table is on one server also where the others are
 * distributed, so no statement names both.
 */
class SharedFigures {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	/** Two processes that create the same table at once would fail without the lock. */
	private static final String CREATE = """
			SELECT pg_advisory_xact_lock(hashtext('sample_alerts'));
			CREATE TABLE IF NOT EXISTS {schema}.sample_alerts (
			    due_at timestamptz NOT NULL, read_at timestamptz, cost_usd numeric, error_rate double precision,
			    p95_us bigint, last_call_at timestamptz);
			INSERT INTO {schema}.sample_alerts (due_at)
			SELECT '-infinity' WHERE NOT EXISTS (SELECT FROM {schema}.sample_alerts)
			""";

	/** It is this process that reads the views if it gets the row. */
	private static final String DUE = "SELECT 1 FROM {schema}.sample_alerts WHERE due_at <= now() FOR UPDATE SKIP LOCKED";

	/** Today's calls by their time: on Citus the view by day reads all days. */
	private static final String FIGURES = """
			SELECT w.error_rate, w.p95_us,
			       (SELECT sum(cost_usd) FROM {schema}.llm_calls
			         WHERE start_time >= date_trunc('day', now(), 'UTC')
			           AND start_time < date_trunc('day', now(), 'UTC') + interval '1 day') AS cost_usd,
			       (SELECT start_time FROM {schema}.llm_calls ORDER BY start_time DESC LIMIT 1) AS last_call_at
			  FROM (SELECT avg(CASE WHEN failed THEN 1 ELSE 0 END) AS error_rate,
			               percentile_disc(0.95) WITHIN GROUP (ORDER BY duration_us) AS p95_us
			          FROM {schema}.llm_calls
			         WHERE start_time >= now() - ? * interval '1 second') AS w
			""";

	private static final String STORE = """
			UPDATE {schema}.sample_alerts
			   SET read_at = now(), cost_usd = ?, error_rate = ?, p95_us = ?, last_call_at = ?,
			       due_at = now() + greatest(interval '1 minute', 10 * (clock_timestamp() - now()))
			""";

	private static final String READ = """
			SELECT read_at, cost_usd, error_rate, p95_us, extract(epoch FROM now() - last_call_at) AS silence
			  FROM {schema}.sample_alerts
			 WHERE read_at IS NOT NULL
			""";

	private final JdbcTemplate jdbc;

	private final TransactionTemplate transaction;

	private final String schema;

	private final Duration window;

	private volatile boolean created;

	SharedFigures(DataSource dataSource, String schema, Duration window) {
		this.jdbc = new JdbcTemplate(dataSource);
		this.jdbc.setQueryTimeout((int) PATIENCE.toSeconds());
		this.transaction = new TransactionTemplate(new JdbcTransactionManager(dataSource));
		this.schema = '"' + schema + '"';
		this.window = window;
	}

	/**
	 * Reads the views if that is due.
	 * @return whether this process read them now
	 */
	boolean refresh() {
		if (!this.created) {
			this.jdbc.execute(in(CREATE));
			this.created = true;
		}
		return Boolean.TRUE.equals(this.transaction.execute((status) -> readIfDue()));
	}

	private boolean readIfDue() {
		if (this.jdbc.queryForList(in(DUE)).isEmpty()) {
			return false;
		}
		Map<String, @Nullable Object> figures = this.jdbc.queryForMap(in(FIGURES), this.window.toSeconds());
		this.jdbc.update(in(STORE), figures.get("cost_usd"), figures.get("error_rate"), figures.get("p95_us"),
				figures.get("last_call_at"));
		return true;
	}

	/**
	 * Returns the figures that were read last, by any process.
	 */
	Optional<CallFigures> last() {
		return this.jdbc.query(in(READ), (row, number) -> figures(row)).stream().findFirst();
	}

	private String in(String sql) {
		return sql.replace("{schema}", this.schema);
	}

	private static CallFigures figures(ResultSet row) throws SQLException {
		Double p95 = number(row, "p95_us");
		return new CallFigures(Objects.requireNonNull(row.getObject("read_at", OffsetDateTime.class)).toInstant(),
				number(row, "cost_usd"), number(row, "error_rate"), (p95 != null) ? p95 / 1e6 : null,
				number(row, "silence"));
	}

	private static @Nullable Double number(ResultSet row, String column) throws SQLException {
		double number = row.getDouble(column);
		return row.wasNull() ? null : number;
	}

}
