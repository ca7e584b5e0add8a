package io.observatory.storage.capture.opentelemetry;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

import io.observatory.storage.capture.EvaluationResult;
import io.observatory.storage.model.LogRecord;
import io.observatory.storage.model.Score;
import io.observatory.storage.writer.LogWriter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import org.jspecify.annotations.Nullable;

/**
 * Exports log records into a {@link LogWriter}. Evaluations among them are stored as
 * scores, too ({@link EvaluationResult}).
 * <p>
 * {@code export} never waits. It succeeds when the writer accepted the records, and fails
 * when the writer is closed or its buffer is full (the writer counts them as dropped).
 * {@code flush} and {@code shutdown} succeed when everything that was exported before is
 * committed, and fail when the writer's {@code flush()} would; the writer itself stays
 * open. Thread-safe.
 */
public final class ObservatoryLogRecordExporter extends WriterExporter<LogWriter> implements LogRecordExporter {

	private final LogMapping mapping;

	public ObservatoryLogRecordExporter(LogWriter writer) {
		this(() -> writer);
	}

	/**
	 * Creates an exporter whose writer may not exist yet.
	 * @param writer the writer, or null, and then every export fails
	 */
	public ObservatoryLogRecordExporter(Supplier<@Nullable LogWriter> writer) {
		super(writer);
		this.mapping = new LogMapping(Clock.systemUTC());
	}

	@Override
	public CompletableResultCode export(Collection<LogRecordData> logs) {
		return offer((writer) -> {
			List<LogRecord> mapped = this.mapping.logs(logs);
			List<Score> scores = new ArrayList<>();
			mapped.forEach((log) -> scores.addAll(EvaluationResult.in(log)));
			return offerValid(mapped, scores, writer::offer, writer::check, writer::check);
		});
	}

}
