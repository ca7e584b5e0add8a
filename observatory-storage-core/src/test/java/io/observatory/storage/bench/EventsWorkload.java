package io.observatory.storage.bench;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

import javax.sql.DataSource;

import io.observatory.storage.bench.SqlTable.Field;
import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.model.Ids;
import io.observatory.storage.model.TraceEvent;
import io.observatory.storage.row.ColumnType;
import io.observatory.storage.writer.TraceWriter;
import io.observatory.storage.writer.Writer;

/**
 * An event of each span.
 */
final class EventsWorkload extends Workload<TraceEvent> {

	private static final SqlTable<TraceEvent> TABLE = SqlTable.of("observatory", "trace_events", "",
			new Field<>("id", ColumnType.UUID, TraceEvent::id),
			new Field<>("span_id", ColumnType.UUID, (event) -> Ids.span(Ids.trace(event.traceId()), event.spanId())),
			new Field<>("name", ColumnType.TEXT, TraceEvent::name),
			new Field<>("timestamp", ColumnType.TIMESTAMPTZ, TraceEvent::timestamp),
			new Field<>("attributes", ColumnType.JSONB, TraceEvent::attributes));

	EventsWorkload() {
		super("trace_events", 240_000, new Stored("observatory.trace_events", "timestamp"));
	}

	@Override
	TraceEvent record(long number) {
		return TraceEvent.builder()
			.traceId(Numbers.traceId(number / Numbers.SPANS_PER_TRACE))
			.spanId(Numbers.spanId(number))
			.name("gen_ai.choice")
			.timestamp(Numbers.time(number))
			.attributes(Map.of("index", 0, "finish_reason", "stop", "gen_ai.system", "openai"))
			.build();
	}

	@Override
	Writer open(DataSource dataSource, UnaryOperator<WriterConfig.Builder> configuration) {
		return new TraceWriter(dataSource, configuration.apply(WriterConfig.traces()).build());
	}

	@Override
	void write(Writer writer, TraceEvent event) {
		((TraceWriter) writer).writeEvent(event);
	}

	@Override
	List<SqlTable.TableStore<?>> loads(List<TraceEvent> events) {
		return List.of(new SqlTable.TableStore<>(TABLE, events));
	}

}
