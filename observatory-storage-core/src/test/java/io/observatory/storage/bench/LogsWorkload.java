package io.observatory.storage.bench;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

import javax.sql.DataSource;

import io.observatory.storage.bench.SqlTable.Field;
import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.model.LogRecord;
import io.observatory.storage.row.ColumnType;
import io.observatory.storage.writer.LogWriter;
import io.observatory.storage.writer.Writer;

/**
 * Logs of a chat service.
 */
class LogsWorkload extends Workload<LogRecord> {

	private final SqlTable<LogRecord> table;

	LogsWorkload() {
		this("logs", "observatory");
	}

	LogsWorkload(String name, String schema) {
		super(name, 120_000, new Stored(schema + ".logs", "timestamp"));
		this.table = table(schema);
	}

	private static SqlTable<LogRecord> table(String schema) {
		return SqlTable.of(schema, "logs", "", new Field<>("id", ColumnType.UUID, LogRecord::id),
				new Field<>("timestamp", ColumnType.TIMESTAMPTZ, LogRecord::timestamp),
				new Field<>("observed_timestamp", ColumnType.TIMESTAMPTZ, LogRecord::observedTimestamp),
				new Field<>("severity_number", ColumnType.INTEGER, LogRecord::severityNumber),
				new Field<>("severity_text", ColumnType.TEXT, LogRecord::severityText),
				new Field<>("body", ColumnType.TEXT, LogRecord::body),
				new Field<>("service_name", ColumnType.TEXT, LogRecord::serviceName),
				new Field<>("trace_id", ColumnType.TEXT, LogRecord::traceId),
				new Field<>("span_id", ColumnType.TEXT, LogRecord::spanId),
				new Field<>("trace_flags", ColumnType.INTEGER, LogRecord::traceFlags),
				new Field<>("attributes", ColumnType.JSONB, LogRecord::attributes),
				new Field<>("resource_attributes", ColumnType.JSONB, LogRecord::resourceAttributes),
				new Field<>("scope_name", ColumnType.TEXT, LogRecord::scopeName),
				new Field<>("scope_version", ColumnType.TEXT, LogRecord::scopeVersion),
				new Field<>("scope_attributes", ColumnType.JSONB, LogRecord::scopeAttributes));
	}

	@Override
	LogRecord record(long number) {
		return builder(number).build();
	}

	final LogRecord.Builder builder(long number) {
		String service = "service-" + number % 8;
		return LogRecord.builder()
			.timestamp(Numbers.time(number))
			.observedTimestamp(Numbers.later(Numbers.time(number), 3))
			.severityNumber(9)
			.severityText("INFO")
			.body("Completed request " + number + " in 482 ms, 1203 tokens in, 311 tokens out, finish reason stop")
			.serviceName(service)
			.traceId(Numbers.traceId(number / Numbers.SPANS_PER_TRACE))
			.spanId(Numbers.spanId(number))
			.traceFlags(1)
			.attributes(Map.of("http.route", "/v1/chat", "http.request.method", "POST", "http.response.status_code",
					200, "thread.name", "worker-" + number % 16, "gen_ai.request.model", "model-large", "user.id",
					"u" + number % 1000))
			.resourceAttributes(Map.of("service.name", service, "service.version", "4.12.0", "service.instance.id",
					"pod-7f9c-" + number % 4, "host.name", "node-3"))
			.scopeName("io.example.chat.ChatService")
			.scopeVersion("2.1.0");
	}

	@Override
	Writer open(DataSource dataSource, UnaryOperator<WriterConfig.Builder> configuration) {
		return new LogWriter(dataSource, configuration.apply(WriterConfig.logs()).build());
	}

	@Override
	void write(Writer writer, LogRecord log) {
		((LogWriter) writer).writeLog(log);
	}

	@Override
	List<SqlTable.TableStore<?>> loads(List<LogRecord> logs) {
		return List.of(new SqlTable.TableStore<>(this.table, logs));
	}

}
