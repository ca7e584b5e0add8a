package io.observatory.storage.sample.otlp;

import java.time.Clock;
import java.util.List;

import io.observatory.storage.model.LogRecord;
import io.observatory.storage.sample.mapping.LogMapping;
import io.observatory.storage.sample.mapping.Rejections;
import io.observatory.storage.writer.LogWriter;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse;

import org.springframework.stereotype.Component;

/**
 * Takes the log records of a request.
 */
@Component
class LogIntake {

	private final LogWriter writer;

	private final Clock clock;

	LogIntake(LogWriter writer, Clock clock) {
		this.writer = writer;
		this.clock = clock;
	}

	ExportLogsServiceResponse take(ExportLogsServiceRequest request) {
		Rejections rejections = new Rejections();
		List<LogRecord> logs = LogMapping.logs(request, this.clock.instant(), rejections);
		ValidRecords.write(logs, this.writer::writeLogs, this.writer::check, rejections);
		return response(rejections);
	}

	private static ExportLogsServiceResponse response(Rejections rejections) {
		ExportLogsServiceResponse.Builder response = ExportLogsServiceResponse.newBuilder();
		if (!rejections.isEmpty()) {
			response.getPartialSuccessBuilder()
				.setRejectedLogRecords(rejections.count())
				.setErrorMessage(rejections.message());
		}
		return response.build();
	}

}
