package io.observatory.storage.sample.otlp;

import java.time.Clock;

import io.observatory.storage.capture.EvaluationResult;
import io.observatory.storage.sample.intake.MemoryLease;
import io.observatory.storage.sample.mapping.LogMapping;
import io.observatory.storage.sample.mapping.Origin;
import io.observatory.storage.writer.LogWriter;
import io.observatory.storage.writer.ScoredBatch;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ScopeLogs;

import org.springframework.stereotype.Component;

/**
 * Takes log records, and the evaluations among them.
 */
@Component
class LogIntake extends SignalIntake<ScoredBatch<io.observatory.storage.model.LogRecord>> {

	private final LogWriter writer;

	LogIntake(LogWriter writer, Clock clock) {
		super(Signal.LOGS, writer, clock);
		this.writer = writer;
	}

	@Override
	ScoredBatch<io.observatory.storage.model.LogRecord> newBatch() {
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
			EvaluationResult.in(log).forEach((score) -> reading.rows().putBeside(() -> reading.batch().add(score)));
		});
	}

}
