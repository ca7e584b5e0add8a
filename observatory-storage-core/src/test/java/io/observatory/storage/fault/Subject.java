package io.observatory.storage.fault;

import java.util.Map;
import java.util.UUID;
import java.util.function.BiFunction;

import javax.sql.DataSource;

import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.model.Ids;
import io.observatory.storage.model.LogRecord;
import io.observatory.storage.model.MetricDataPoint;
import io.observatory.storage.model.Score;
import io.observatory.storage.model.Trace;
import io.observatory.storage.model.TraceEvent;
import io.observatory.storage.testing.Records;
import io.observatory.storage.writer.LogWriter;
import io.observatory.storage.writer.MetricWriter;
import io.observatory.storage.writer.TraceWriter;
import io.observatory.storage.writer.Writer;

/**
 * The seven tables, and how a numbered record gets into each.
 */
enum Subject {

	TRACES("traces", "('x' || right(trace_id, 16))::bit(64)::bigint", TraceWriter::new) {
		@Override
		UUID write(Writer writer, long number) {
			((TraceWriter) writer).writeTrace(Trace.builder()
				.traceId(Records.traceId(number))
				.serviceName("checkout")
				.startTime(Records.START)
				.build());
			return Ids.trace(Records.traceId(number));
		}
	},

	SPANS("trace_spans", "('x' || span_id)::bit(64)::bigint - 1", TraceWriter::new) {
		@Override
		UUID write(Writer writer, long number) {
			((TraceWriter) writer).writeSpan(Records.span(number / 10, number));
			return Ids.span(Ids.trace(Records.traceId(number / 10)), Records.spanId(number));
		}
	},

	EVENTS("trace_events", "(attributes ->> 'number')::bigint", TraceWriter::new) {
		@Override
		UUID write(Writer writer, long number) {
			TraceEvent event = TraceEvent.builder()
				.traceId(Records.traceId(number))
				.spanId(Records.spanId(number))
				.name("cache miss")
				.timestamp(Records.START)
				.attributes(Map.of("number", number))
				.build();
			((TraceWriter) writer).writeEvent(event);
			return event.id();
		}
	},

	SCORES("scores", "value::bigint", TraceWriter::new) {
		@Override
		UUID write(Writer writer, long number) {
			((TraceWriter) writer).writeScore(Records.score(number));
			return Ids.score(Ids.trace(Records.traceId(number)), Records.spanId(number), "helpful", Score.Source.USER);
		}
	},

	METRICS("metrics", "split_part(name, '.', 2)::bigint", MetricWriter::new) {
		@Override
		UUID write(Writer writer, long number) {
			((MetricWriter) writer).writeMetric(Records.metric("requests." + number));
			return Ids.metric("requests." + number, "checkout");
		}
	},

	POINTS("metric_data_points", "value::bigint", MetricWriter::new) {
		@Override
		UUID write(Writer writer, long number) {
			MetricDataPoint point = Records.point("requests", number);
			((MetricWriter) writer).writeDataPoint(point);
			return point.id();
		}
	},

	LOGS("logs", "('x' || span_id)::bit(64)::bigint - 1", LogWriter::new) {
		@Override
		UUID write(Writer writer, long number) {
			LogRecord log = Records.log(number);
			((LogWriter) writer).writeLog(log);
			return log.id();
		}
	};

	private final String table;

	private final String number;

	private final BiFunction<DataSource, WriterConfig, Writer> writer;

	Subject(String table, String number, BiFunction<DataSource, WriterConfig, Writer> writer) {
		this.table = table;
		this.number = number;
		this.writer = writer;
	}

	String table() {
		return this.table;
	}

	/** Returns an SQL expression of the number of the record that a row comes from. */
	String number() {
		return this.number;
	}

	/** Returns whether rows are only ever added, so that a row sent twice shows. */
	boolean isAppended() {
		return this == EVENTS || this == POINTS || this == LOGS;
	}

	Writer open(DataSource dataSource, WriterConfig config) {
		return this.writer.apply(dataSource, config);
	}

	/** Writes a record, and returns the id of its row. */
	abstract UUID write(Writer writer, long number);

}
