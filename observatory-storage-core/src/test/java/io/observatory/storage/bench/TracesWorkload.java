package io.observatory.storage.bench;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

import javax.sql.DataSource;

import io.observatory.storage.bench.SqlTable.Field;
import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.model.Status;
import io.observatory.storage.model.Trace;
import io.observatory.storage.row.ColumnType;
import io.observatory.storage.writer.TraceWriter;
import io.observatory.storage.writer.Writer;

/**
 * Traces that their application declares, all of them new.
 */
final class TracesWorkload extends Workload<Trace> {

	private static final SqlTable<Trace> TABLE = SqlTable.of("observatory", "traces", """
			ON CONFLICT (id) DO UPDATE SET service_name = excluded.service_name, start_time = excluded.start_time,
			end_time = excluded.end_time, duration_us = excluded.duration_us, status = excluded.status,
			root_span_name = excluded.root_span_name, attributes = excluded.attributes,
			resource_attributes = excluded.resource_attributes, updated_at = now()""",
			new Field<>("id", ColumnType.UUID, Trace::id), new Field<>("trace_id", ColumnType.TEXT, Trace::traceId),
			new Field<>("service_name", ColumnType.TEXT, Trace::serviceName),
			new Field<>("start_time", ColumnType.TIMESTAMPTZ, Trace::startTime),
			new Field<>("end_time", ColumnType.TIMESTAMPTZ, Trace::endTime),
			new Field<>("duration_us", ColumnType.BIGINT,
					(trace) -> Duration.between(trace.startTime(), trace.endTime()).toNanos() / 1000),
			new Field<>("status", ColumnType.TEXT, (trace) -> trace.status().text()),
			new Field<>("root_span_name", ColumnType.TEXT, Trace::rootSpanName),
			new Field<>("attributes", ColumnType.JSONB, Trace::attributes),
			new Field<>("resource_attributes", ColumnType.JSONB, Trace::resourceAttributes));

	TracesWorkload() {
		super("traces", 90_000, new Stored("observatory.traces", "start_time"));
	}

	@Override
	Trace record(long number) {
		return Trace.builder()
			.traceId(Numbers.traceId(number))
			.serviceName("service-" + number % 8)
			.startTime(Numbers.time(number))
			.endTime(Numbers.later(Numbers.time(number), 500))
			.status(Status.OK)
			.rootSpanName("POST /v1/chat")
			.attributes(Map.of("user.id", "u" + number % 1000, "session.id", "s" + number % 5000, "app.tenant", "acme"))
			.resourceAttributes(Map.of("service.name", "service-" + number % 8, "service.version", "4.12.0",
					"service.instance.id", "pod-7f9c-" + number % 4, "host.name", "node-3"))
			.build();
	}

	@Override
	Writer open(DataSource dataSource, UnaryOperator<WriterConfig.Builder> configuration) {
		return new TraceWriter(dataSource, configuration.apply(WriterConfig.traces()).build());
	}

	@Override
	void write(Writer writer, Trace trace) {
		((TraceWriter) writer).writeTrace(trace);
	}

	@Override
	List<SqlTable.TableStore<?>> loads(List<Trace> traces) {
		return List.of(new SqlTable.TableStore<>(TABLE, traces));
	}

}
