package io.observatory.storage.sample.otlp;

import java.time.Clock;

import io.observatory.storage.sample.intake.MemoryLease;
import io.observatory.storage.sample.mapping.LogMapping;
import io.observatory.storage.sample.mapping.Origin;
import io.observatory.storage.writer.LogWriter;
import io.observatory.storage.writer.RecordBatch;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ScopeLogs;

import org.springframework.stereotype.Component;

/**
 * Takes log records.
 */
@Component
class LogIntake extends SignalIntake<RecordBatch<io.observatory.storage.model.LogRecord>> {

	private final LogWriter writer;

	LogIntake(LogWriter writer, Clock clock) {
		super(Signal.LOGS, writer, clock);
		this.writer = writer;
	}

	@Override
	RecordBatch<io.observatory.storage.model.LogRecord> newBatch() {
		return this.writer.newBatch();
	}

	@Override
	String schemaUrl(EncodedMessage scopes, MemoryLease lease) {
		return scopes.decode(ScopeLogs.getDefaultInstance(), lease).getSchemaUrl();
	}

	@Override
	void read(EncodedMessage record, Origin origin, Reading reading) {
		reading.rows().add(1, () -> {
			LogRecord decoded = record.decode(LogRecord.getDefaultInstance(), reading.lease());
			var log = LogMapping.log(decoded, origin, reading.receivedAt());
			reading.rows()
				.put(() -> reading.batch().add(log),
						() -> tooOld("LogRecord.time_unix_nano", log.timestamp(), reading.receivedAt()));
		});
	}

}
