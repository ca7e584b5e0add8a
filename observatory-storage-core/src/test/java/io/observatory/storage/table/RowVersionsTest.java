package io.observatory.storage.table;

import java.time.Clock;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Rows of version 1 are kept in databases: what they hold must never change. A column
 * that is added belongs to a version of its own.
 */
class RowVersionsTest {

	@ParameterizedTest
	@MethodSource("tables")
	void whatRowsOfVersionOneHoldNeverChanges(Table<?> table, String columns) {
		assertThat(table.columns().stream().filter((column) -> column.version() == 1))
			.extracting((column) -> column.name() + " " + column.type().sqlName())
			.containsExactly(columns.split(", "));
	}

	static Stream<Arguments> tables() {
		return Stream.of(Arguments.of(new TracesTable(),
				"id uuid, trace_id text, service_name text, start_time timestamptz, end_time timestamptz, "
						+ "duration_us int8, status text, status_message text, root_span_name text, attributes jsonb, "
						+ "resource_attributes jsonb, declared int2"),
				Arguments.of(new SpansTable(),
						"id uuid, trace_id uuid, span_id text, parent_span_id text, name text, kind text, "
								+ "service_name text, start_time timestamptz, end_time timestamptz, duration_us int8, "
								+ "status text, status_message text, attributes jsonb, events jsonb, links jsonb, "
								+ "external_trace_id text"),
				Arguments.of(new EventsTable(),
						"id uuid, span_id uuid, name text, timestamp timestamptz, attributes jsonb"),
				Arguments.of(new ScoresTable(),
						"id uuid, target_id uuid, trace_id text, span_id text, conversation_id text, response_id text, "
								+ "name text, source text, value float8, label text, comment text, "
								+ "timestamp timestamptz, service_name text"),
				Arguments.of(new MetricsTable(Clock.systemUTC()),
						"id uuid, name text, description text, unit text, metric_type text, service_name text, "
								+ "attributes jsonb, resource_attributes jsonb, updated_at timestamptz"),
				Arguments.of(new DataPointsTable(),
						"id uuid, metric_id uuid, timestamp timestamptz, value float8, count int8, sum float8, "
								+ "min float8, max float8, buckets jsonb, quantiles jsonb, exemplars jsonb, "
								+ "attributes jsonb"),
				Arguments.of(new LogsTable(),
						"id uuid, timestamp timestamptz, observed_timestamp timestamptz, severity_number int4, "
								+ "severity_text text, body text, service_name text, trace_id text, span_id text, "
								+ "trace_flags int4, attributes jsonb, resource_attributes jsonb, scope_name text, "
								+ "scope_version text, scope_attributes jsonb"));
	}

}
