package io.observatory.storage.actuate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

import io.observatory.storage.error.StorageException;
import io.observatory.storage.spring.StoragePartitions;
import io.observatory.storage.spring.StorageSchema;
import io.observatory.storage.writer.BufferStats;
import io.observatory.storage.writer.FlushResult;
import io.observatory.storage.writer.WriteStats;
import io.observatory.storage.writer.Writer;
import io.observatory.storage.writer.WriterStatus;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/**
 * Shows the writers, and flushes them when asked. Numbers only, never a record.
 */
@Endpoint(id = "observatory", defaultAccess = Access.READ_ONLY)
public final class ObservatoryEndpoint {

	private final Map<String, Writer> writers = new LinkedHashMap<>();

	private final StorageSchema schema;

	private final @Nullable StoragePartitions partitions;

	public ObservatoryEndpoint(List<Writer> writers, StorageSchema schema, @Nullable StoragePartitions partitions) {
		writers.forEach((writer) -> this.writers.putIfAbsent(writer.name(), writer));
		this.schema = schema;
		this.partitions = partitions;
	}

	@ReadOperation
	public StorageReport storage() {
		return new StorageReport(forEach(WriterReport::of), this.schema.status(),
				(this.partitions != null) ? this.partitions.ahead() : null);
	}

	@ReadOperation
	public @Nullable WriterReport writer(@Selector String writer) {
		Writer found = this.writers.get(writer);
		return (found != null) ? WriterReport.of(found) : null;
	}

	/**
	 * Flushes all writers at the same time.
	 */
	@WriteOperation
	public Map<String, FlushReport> flush() {
		Map<String, CompletableFuture<FlushResult>> flushes = forEach(Writer::flushAsync);
		Map<String, FlushReport> reports = new LinkedHashMap<>();
		flushes.forEach((name, flush) -> reports.put(name, FlushReport.of(flush)));
		return reports;
	}

	@WriteOperation
	public WebEndpointResponse<FlushReport> flush(@Selector String writer) {
		Writer found = this.writers.get(writer);
		return (found != null) ? new WebEndpointResponse<>(FlushReport.of(found.flushAsync()))
				: new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND);
	}

	private <T> Map<String, T> forEach(Function<Writer, T> function) {
		Map<String, T> results = new LinkedHashMap<>();
		this.writers.forEach((name, writer) -> results.put(name, function.apply(writer)));
		return results;
	}

	/**
	 * Everything there is to show.
	 *
	 * @param writers The writers by name.
	 * @param schema How far the schema is.
	 * @param partitionsAhead For how many days ahead there are partitions, or null when
	 * not known.
	 */
	public record StorageReport(Map<String, WriterReport> writers, StorageSchema.Status schema,
			@Nullable Integer partitionsAhead) {

	}

	/**
	 * A writer.
	 *
	 * @param status What it is doing.
	 * @param buffer What it holds in memory.
	 * @param writes What became of the records.
	 */
	public record WriterReport(WriterStatus status, BufferStats buffer, WriteStats writes) {

		private static WriterReport of(Writer writer) {
			return new WriterReport(writer.status(), writer.bufferStats(), writer.writeStats());
		}

	}

	/**
	 * A flush.
	 *
	 * @param result What was flushed, or null when it failed.
	 * @param error Why it failed, or null.
	 */
	public record FlushReport(@Nullable FlushResult result, @Nullable FlushError error) {

		private static FlushReport of(CompletableFuture<FlushResult> flush) {
			try {
				return new FlushReport(flush.join(), null);
			}
			catch (CompletionException ex) {
				return new FlushReport(null, FlushError.of((ex.getCause() != null) ? ex.getCause() : ex));
			}
		}

	}

	/**
	 * Why a flush failed. What was to be flushed is still buffered.
	 *
	 * @param message What went wrong.
	 * @param sqlState The server's SQLSTATE, or null.
	 * @param retryable Whether it may go away by itself.
	 */
	public record FlushError(@Nullable String message, @Nullable String sqlState, boolean retryable) {

		private static FlushError of(Throwable failure) {
			if (failure instanceof StorageException ex) {
				return new FlushError(ex.getMessage(), ex.sqlState(), ex.isRetryable());
			}
			return new FlushError(failure.getClass().getSimpleName(), null, false);
		}

	}

}
