package io.observatory.storage.sample.pages.logs;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

import io.observatory.storage.capture.OtelAttributes;
import io.observatory.storage.sample.pages.PagesDatabase;
import io.observatory.storage.sample.pages.TimeRange;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The queries of the pages about logs. The table has an index on service and time, and no
 * ordered index on time alone. So the newest records of all services are the newest of
 * each service, merged.
 */
@Component
class LogQueries {

	/** The maximum number of records that a chart reads. */
	static final int MAX_COUNTED = 20_000;

	/** With fewer, a step among many services would find next to nothing. */
	static final int LEAST_OF_SERVICE = 100;

	/** The text of a record; an event may have only a name. */
	private static final String TEXT = """
			coalesce(nullif(body, ''), attributes ->> '%s', attributes ->> 'event.name')"""
		.formatted(OtelAttributes.EVENT_NAME);

	private final JdbcClient jdbc;

	LogQueries(PagesDatabase database) {
		this.jdbc = database.jdbc();
	}

	/**
	 * The services that have log records on the days that a time touches. It walks
	 * through the index from one service to the next. It uses whole days, because
	 * otherwise all records of a service in a partition would be read to see that none is
	 * in the time.
	 */
	List<String> services(TimeRange range) {
		return this.jdbc.sql("""
				WITH RECURSIVE services (name) AS (
				    (SELECT service_name FROM logs
				      WHERE timestamp >= :from AND timestamp < :to
				      ORDER BY service_name LIMIT 1)
				    UNION ALL
				    SELECT (SELECT l.service_name FROM logs AS l
				             WHERE l.timestamp >= :from AND l.timestamp < :to AND l.service_name > s.name
				             ORDER BY l.service_name LIMIT 1)
				      FROM services AS s
				     WHERE s.name IS NOT NULL
				)
				SELECT name FROM services WHERE name IS NOT NULL
				""")
			.param("from", PagesDatabase.timestamp(range.from().truncatedTo(ChronoUnit.DAYS)))
			.param("to", PagesDatabase.timestamp(range.to().truncatedTo(ChronoUnit.DAYS).plus(Duration.ofDays(1))))
			.query(String.class)
			.list();
	}

	/**
	 * The newest records that match a filter. It includes all records of a service with
	 * the same time as the last one, because with the id in the order the planner would
	 * read and sort the whole time.
	 * @param services the services whose records are meant
	 * @param from the first instant
	 * @param to the first instant after
	 * @param after where to continue; null to begin with the newest
	 */
	List<LogLine> newest(List<String> services, LogFilter filter, Instant from, Instant to, @Nullable LogPosition after,
			int limit) {
		return this.jdbc.sql("""
				SELECT id, timestamp, severity_number, severity_text, left(text, 1000) AS text, service_name
				  FROM (SELECT l.*
				          FROM unnest(:services) AS s (name)
				         CROSS JOIN LATERAL (
				               SELECT id, timestamp, severity_number, severity_text, %1$s AS text, service_name
				                 FROM logs
				                WHERE service_name = s.name
				                  AND timestamp >= :from AND timestamp < :to AND timestamp <= :afterTime
				                  AND (timestamp, id) < (:afterTime, :afterId)
				                  AND (:severity::integer IS NULL OR severity_number >= :severity)
				                  AND (:pattern::text IS NULL OR %1$s ILIKE :pattern)
				                ORDER BY timestamp DESC FETCH FIRST :limit ROWS WITH TIES) AS l
				         ORDER BY timestamp DESC, id DESC LIMIT :limit) AS newest
				 ORDER BY timestamp DESC, id DESC
				""".formatted(TEXT))
			.param("services", services.toArray(String[]::new))
			.param("from", PagesDatabase.timestamp(from))
			.param("to", PagesDatabase.timestamp(to))
			.param("afterTime", PagesDatabase.timestamp((after != null) ? after.timestamp() : to))
			.param("afterId", (after != null) ? after.id() : new UUID(0, 0))
			.param("severity", severity(filter))
			.param("pattern", filter.pattern())
			.param("limit", limit)
			.query((row, number) -> line(row))
			.list();
	}

	/**
	 * The start of a window that ends at an instant and has about the given number of
	 * records. Each service has the same share of the number, or
	 * {@value #LEAST_OF_SERVICE}, and the service with the most records decides.
	 */
	Instant windowStart(List<String> services, Instant from, Instant end, int records) {
		return this.jdbc.sql("""
				SELECT coalesce(max(timestamp), :from)
				  FROM unnest(:services) AS s (name)
				 CROSS JOIN LATERAL (
				       SELECT timestamp
				         FROM logs
				        WHERE service_name = s.name AND timestamp >= :from AND timestamp < :end
				        ORDER BY timestamp DESC OFFSET :records LIMIT 1) AS l
				""")
			.param("services", services.toArray(String[]::new))
			.param("from", PagesDatabase.timestamp(from))
			.param("end", PagesDatabase.timestamp(end))
			.param("records", Math.max(LEAST_OF_SERVICE, records / Math.max(1, services.size())))
			.query(OffsetDateTime.class)
			.single()
			.toInstant();
	}

	/**
	 * The newest records of a trace that match a filter.
	 */
	List<LogLine> ofTrace(LogFilter filter, TimeRange range, @Nullable LogPosition after, int limit) {
		return this.jdbc.sql("""
				SELECT id, timestamp, severity_number, severity_text, left(%1$s, 1000) AS text, service_name
				  FROM logs
				 WHERE trace_id = :trace
				   AND timestamp >= :from AND timestamp < :to
				   AND (timestamp, id) < (:afterTime, :afterId)
				   AND (:service::text IS NULL OR service_name = :service)
				   AND (:severity::integer IS NULL OR severity_number >= :severity)
				   AND (:pattern::text IS NULL OR %1$s ILIKE :pattern)
				 ORDER BY timestamp DESC, id DESC LIMIT :limit
				""".formatted(TEXT))
			.param("trace", filter.traceId())
			.param("from", PagesDatabase.timestamp(range.from()))
			.param("to", PagesDatabase.timestamp(range.to()))
			.param("afterTime", PagesDatabase.timestamp((after != null) ? after.timestamp() : range.to()))
			.param("afterId", (after != null) ? after.id() : new UUID(0, 0))
			.param("service", filter.service())
			.param("severity", severity(filter))
			.param("pattern", filter.pattern())
			.param("limit", limit)
			.query((row, number) -> line(row))
			.list();
	}

	private static @Nullable Integer severity(LogFilter filter) {
		return (filter.severity() != null) ? filter.severity().number() : null;
	}

	private static LogLine line(ResultSet row) throws SQLException {
		return new LogLine(row.getObject("id", UUID.class), instant(row, "timestamp"),
				Severity.of(row.getObject("severity_number", Integer.class)), row.getString("severity_text"),
				row.getString("text"), row.getString("service_name"));
	}

	/**
	 * Counts the newest records by service, bucket and severity. The number for each
	 * service is chosen so that at most {@value #MAX_COUNTED} are counted in all.
	 */
	List<LogCount> counts(List<String> services, LogFilter filter, TimeRange range) {
		return this.jdbc.sql("""
				SELECT s.name, date_bin(make_interval(secs => :step), timestamp, :origin) AS bucket, severity_number,
				       count(*) AS read, min(timestamp) AS oldest,
				       count(*) FILTER (WHERE (:severity::integer IS NULL OR severity_number >= :severity)
				                          AND (:pattern::text IS NULL OR text ILIKE :pattern)) AS found
				  FROM unnest(:services) AS s (name)
				 CROSS JOIN LATERAL (
				       SELECT timestamp, severity_number, %1$s AS text
				         FROM logs
				        WHERE service_name = s.name AND timestamp >= :from AND timestamp < :to
				        ORDER BY timestamp DESC LIMIT :limit) AS l
				 GROUP BY s.name, bucket, severity_number
				""".formatted(TEXT))
			.param("services", services.toArray(String[]::new))
			.param("step", range.step().toSeconds())
			.param("origin", PagesDatabase.timestamp(TimeRange.origin()))
			.param("from", PagesDatabase.timestamp(range.from()))
			.param("to", PagesDatabase.timestamp(range.to()))
			.param("severity", severity(filter))
			.param("pattern", filter.pattern())
			.param("limit", maxCounted(services))
			.query((row, number) -> new LogCount(row.getString("name"), instant(row, "bucket"),
					Severity.of(row.getObject("severity_number", Integer.class)), row.getLong("read"),
					row.getLong("found"), instant(row, "oldest")))
			.list();
	}

	/**
	 * How many records of a service are counted at most.
	 */
	static int maxCounted(List<String> services) {
		return MAX_COUNTED / Math.max(1, services.size());
	}

	private static Instant instant(ResultSet row, String column) throws SQLException {
		return Objects.requireNonNull(PagesDatabase.instant(row, column));
	}

	/**
	 * One record, all of it.
	 */
	Optional<LogDetails> record(String service, Instant timestamp, UUID id) {
		return this.jdbc
			.sql("""
					SELECT id, timestamp, severity_number, severity_text, body, %1$s AS text, service_name, observed_timestamp,
					       trace_id, span_id, attributes, resource_attributes, scope_name, scope_version, scope_attributes
					  FROM logs
					 WHERE service_name = :service AND timestamp = :timestamp AND id = :id
					 LIMIT 1
					"""
				.formatted(TEXT))
			.param("service", service)
			.param("timestamp", PagesDatabase.timestamp(timestamp))
			.param("id", id)
			.query((row, number) -> new LogDetails(line(row), row.getString("body"),
					PagesDatabase.instant(row, "observed_timestamp"), row.getString("trace_id"),
					row.getString("span_id"), row.getString("scope_name"), row.getString("scope_version"),
					Attributes.of(row.getString("attributes")), Attributes.of(row.getString("scope_attributes")),
					Attributes.of(row.getString("resource_attributes"))))
			.optional();
	}

	/**
	 * A part of a chart.
	 *
	 * @param service the service
	 * @param bucket the start of the bucket
	 * @param severity the severity; null for none
	 * @param read how many records were read
	 * @param found how many of them match the filter
	 * @param oldest the time of the oldest record that was read
	 */
	record LogCount(String service, Instant bucket, @Nullable Severity severity, long read, long found,
			Instant oldest) {

	}

}
