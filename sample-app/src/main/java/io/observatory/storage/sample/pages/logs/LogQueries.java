package io.observatory.storage.sample.pages.logs;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.observatory.storage.capture.OtelAttributes;
import io.observatory.storage.sample.pages.PagesDatabase;
import io.observatory.storage.sample.pages.TimeRange;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.RowMapper;
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

	private static final int MAX_SERVICES = 1000;

	private static final int SERVICES_AT_ONCE = 50;

	/** Ids in the order of PostgreSQL, which is that of their texts. */
	private static final Comparator<LogLine> NEWEST_FIRST = Comparator.comparing(LogLine::timestamp)
		.thenComparing((line) -> line.id().toString())
		.reversed();

	/** The text of a record; an event may have only a name. */
	private static final String TEXT = """
			coalesce(nullif(body, ''), attributes ->> '%s', attributes ->> 'event.name')"""
		.formatted(OtelAttributes.EVENT_NAME);

	private final JdbcClient jdbc;

	LogQueries(PagesDatabase database) {
		this.jdbc = database.jdbc();
	}

	/**
	 * The services that have log records on the days that a time touches, at most
	 * {@value #MAX_SERVICES}. They are found by walking through the index from one to the
	 * next: not by a recursive query, which a distributed PostgreSQL does not take. It
	 * uses whole days, because otherwise all records of a service in a partition would be
	 * read to see that none is in the time.
	 */
	List<String> services(TimeRange range) {
		List<String> services = new ArrayList<>();
		String next = serviceAfter(null, range);
		while (next != null && services.size() < MAX_SERVICES) {
			services.add(next);
			next = serviceAfter(next, range);
		}
		return services;
	}

	private @Nullable String serviceAfter(@Nullable String name, TimeRange range) {
		return this.jdbc.sql("""
				SELECT min(service_name)
				  FROM logs
				 WHERE timestamp >= :from AND timestamp < :to AND (:name::text IS NULL OR service_name > :name)
				""")
			.param("from", PagesDatabase.timestamp(range.from().truncatedTo(ChronoUnit.DAYS)))
			.param("to", PagesDatabase.timestamp(range.to().truncatedTo(ChronoUnit.DAYS).plus(Duration.ofDays(1))))
			.param("name", name)
			.query((row, number) -> Optional.ofNullable(row.getString(1)))
			.single()
			.orElse(null);
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
		Map<String, @Nullable Object> parameters = new HashMap<>(matching(filter));
		parameters.put("from", PagesDatabase.timestamp(from));
		parameters.put("to", PagesDatabase.timestamp(to));
		parameters.put("afterTime", PagesDatabase.timestamp((after != null) ? after.timestamp() : to));
		parameters.put("afterId", (after != null) ? after.id() : new UUID(0, 0));
		parameters.put("limit", limit);
		return ofEach(services, """
				SELECT id, timestamp, severity_number, severity_text, %1$s AS text, service_name
				  FROM logs
				 WHERE service_name = :service
				   AND timestamp >= :from AND timestamp < :to AND timestamp <= :afterTime
				   AND (timestamp, id) < (:afterTime, :afterId)
				   AND (:severity::integer IS NULL OR severity_number >= :severity)
				   AND (:pattern::text IS NULL OR %1$s ILIKE :pattern)
				 ORDER BY timestamp DESC FETCH FIRST :limit ROWS WITH TIES
				""".formatted(TEXT), """
				SELECT id, timestamp, severity_number, severity_text, left(text, 1000) AS text, service_name
				  FROM (SELECT * FROM (%s) AS l ORDER BY timestamp DESC, id DESC LIMIT :limit) AS newest
				 ORDER BY timestamp DESC, id DESC
				""", parameters, (row, number) -> line(row)).sorted(NEWEST_FIRST).limit(limit).toList();
	}

	/**
	 * Runs a statement on what a select returns for each service. The select is there
	 * once for each, because a distributed PostgreSQL does not take a LATERAL with a
	 * limit; and for some services at a time, because such a statement takes a
	 * millisecond a service to plan.
	 */
	private <T> Stream<T> ofEach(List<String> services, String select, String statement,
			Map<String, @Nullable Object> parameters, RowMapper<T> mapper) {
		return IntStream.iterate(0, (first) -> first < services.size(), (first) -> first + SERVICES_AT_ONCE)
			.mapToObj((first) -> services.subList(first, Math.min(services.size(), first + SERVICES_AT_ONCE)))
			.flatMap((some) -> {
				StringJoiner selects = new StringJoiner("UNION ALL\n");
				Map<String, @Nullable Object> all = new HashMap<>(parameters);
				for (int i = 0; i < some.size(); i++) {
					selects.add("(" + select.replace(":service", ":service" + i) + ")\n");
					all.put("service" + i, some.get(i));
				}
				return this.jdbc.sql(statement.formatted(selects)).params(all).query(mapper).list().stream();
			});
	}

	/**
	 * The start of a window that ends at an instant and has about the given number of
	 * records. Each service has the same share of the number, or
	 * {@value #LEAST_OF_SERVICE}, and the service with the most records decides.
	 */
	Instant windowStart(List<String> services, Instant from, Instant end, int records) {
		return ofEach(services, """
				SELECT timestamp
				  FROM logs
				 WHERE service_name = :service AND timestamp >= :from AND timestamp < :end
				 ORDER BY timestamp DESC OFFSET :records LIMIT 1
				""", "%s",
				Map.of("from", PagesDatabase.timestamp(from), "end", PagesDatabase.timestamp(end), "records",
						Math.max(LEAST_OF_SERVICE, records / Math.max(1, services.size()))),
				(row, number) -> instant(row, "timestamp"))
			.max(Comparator.naturalOrder())
			.orElse(from);
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
			.params(matching(filter))
			.param("limit", limit)
			.query((row, number) -> line(row))
			.list();
	}

	private static Map<String, @Nullable Object> matching(LogFilter filter) {
		Map<String, @Nullable Object> parameters = new HashMap<>();
		parameters.put("severity", (filter.severity() != null) ? filter.severity().number() : null);
		parameters.put("pattern", filter.pattern());
		return parameters;
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
		Map<String, @Nullable Object> parameters = new HashMap<>(matching(filter));
		parameters.put("step", range.step().toSeconds());
		parameters.put("origin", PagesDatabase.timestamp(TimeRange.origin()));
		parameters.put("from", PagesDatabase.timestamp(range.from()));
		parameters.put("to", PagesDatabase.timestamp(range.to()));
		parameters.put("limit", maxCounted(services));
		return ofEach(services, """
				SELECT service_name, timestamp, severity_number, %s AS text
				  FROM logs
				 WHERE service_name = :service AND timestamp >= :from AND timestamp < :to
				 ORDER BY timestamp DESC LIMIT :limit
				""".formatted(TEXT),
				"""
						SELECT service_name, date_bin(make_interval(secs => :step), timestamp, :origin) AS bucket, severity_number,
						       count(*) AS read, min(timestamp) AS oldest,
						       count(*) FILTER (WHERE (:severity::integer IS NULL OR severity_number >= :severity)
						                          AND (:pattern::text IS NULL OR text ILIKE :pattern)) AS found
						  FROM (%s) AS l
						 GROUP BY service_name, bucket, severity_number
						""",
				parameters,
				(row, number) -> new LogCount(row.getString("service_name"), instant(row, "bucket"),
						Severity.of(row.getObject("severity_number", Integer.class)), row.getLong("read"),
						row.getLong("found"), instant(row, "oldest")))
			.toList();
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
