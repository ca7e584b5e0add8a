package io.observatory.storage.actuate;

import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

import io.observatory.storage.deadletter.DeadLetterQueue;
import io.observatory.storage.spring.StoragePartitions;
import io.observatory.storage.spring.StorageRetention;
import io.observatory.storage.spring.StorageSchema;
import io.observatory.storage.stats.BufferStats;
import io.observatory.storage.stats.FlushResult;
import io.observatory.storage.stats.SpoolStats;
import io.observatory.storage.stats.WriteStats;
import io.observatory.storage.stats.WriterStatus;
import io.observatory.storage.writer.Writer;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;

/**
 * Shows the writers and controls them at run time: flush, pause, resume; shows, replays
 * and purges the dead letters. It shows numbers and reasons only, never a record.
 * <p>
 * A request without a body flushes. In a request with a body, {@code action} says what to
 * do.
 */
@WebEndpoint(id = "observatory", defaultAccess = Access.READ_ONLY)
public final class ObservatoryEndpoint {

	private static final String DEAD_LETTERS = "dead-letters";

	private final Map<String, Writer> writers = new LinkedHashMap<>();

	private final StorageSchema schema;

	private final @Nullable StoragePartitions partitions;

	private final StorageRetention retention;

	private final @Nullable DeadLetterOperations deadLetters;

	public ObservatoryEndpoint(List<Writer> writers, StorageSchema schema, @Nullable StoragePartitions partitions,
			StorageRetention retention, @Nullable DeadLetterQueue deadLetters) {
		writers.forEach((writer) -> this.writers.putIfAbsent(writer.name(), writer));
		this.schema = schema;
		this.partitions = partitions;
		this.retention = retention;
		this.deadLetters = (deadLetters != null) ? new DeadLetterOperations(deadLetters, Clock.systemUTC()) : null;
	}

	@ReadOperation
	public StorageReport storage() {
		return new StorageReport(forEach(this.writers, WriterReport::of), this.schema.status(),
				(this.partitions != null) ? this.partitions.ahead() : null, this.retention.status());
	}

	/**
	 * Shows a writer, or the dead letters.
	 */
	@ReadOperation
	public WebEndpointResponse<Object> show(@Selector String name) {
		DeadLetterOperations letters = deadLetters(name);
		if (letters != null) {
			return letters.show();
		}
		Writer writer = this.writers.get(name);
		return (writer != null) ? new WebEndpointResponse<>(WriterReport.of(writer)) : unknown(name);
	}

	/**
	 * Flushes all writers at the same time.
	 */
	@WriteOperation
	public WebEndpointResponse<Object> flush() {
		return control(null);
	}

	@WriteOperation
	public WebEndpointResponse<Object> flush(@Selector String name) {
		return control(name, null, null, null, null, null);
	}

	/**
	 * Flushes, pauses or resumes all writers.
	 */
	@WriteOperation
	public WebEndpointResponse<Object> control(@Nullable String action) {
		return Responses.of(() -> control(this.writers, action));
	}

	/**
	 * Flushes, pauses or resumes a writer; replays or purges the dead letters.
	 */
	@WriteOperation
	public WebEndpointResponse<Object> control(@Selector String name, @Nullable String action, @Nullable String table,
			@Nullable String id, @Nullable String limit, @Nullable String olderThan) {
		DeadLetterOperations letters = deadLetters(name);
		if (letters != null) {
			return letters.run(new DeadLetterOperations.Request(action, table, id, limit, olderThan));
		}
		Writer writer = this.writers.get(name);
		return (writer != null) ? Responses.of(() -> control(Map.of(name, writer), action).get(name)) : unknown(name);
	}

	private Map<String, ?> control(Map<String, Writer> writers, @Nullable String action) {
		return switch ((action != null) ? action : "flush") {
			case "flush" -> flush(writers);
			case "pause" -> forEach(writers, ObservatoryEndpoint::pause);
			case "resume" -> forEach(writers, this::resume);
			default -> throw new IllegalArgumentException("action must be flush, pause or resume");
		};
	}

	private static Map<String, FlushReport> flush(Map<String, Writer> writers) {
		Map<String, CompletableFuture<FlushResult>> flushes = forEach(writers, Writer::flushAsync);
		Map<String, FlushReport> reports = new LinkedHashMap<>();
		flushes.forEach((name, flush) -> reports.put(name, FlushReport.of(flush)));
		return reports;
	}

	private static WriterReport pause(Writer writer) {
		writer.pause();
		return WriterReport.of(writer);
	}

	private WriterReport resume(Writer writer) {
		if (this.schema.status().state() == StorageSchema.State.UNSUPPORTED) {
			throw new IllegalArgumentException("the database is not PostgreSQL: the writers stay paused");
		}
		writer.resume();
		return WriterReport.of(writer);
	}

	private @Nullable DeadLetterOperations deadLetters(String name) {
		return name.equals(DEAD_LETTERS) ? this.deadLetters : null;
	}

	private WebEndpointResponse<Object> unknown(String name) {
		String what = name.equals(DEAD_LETTERS) ? "there is no access to the dead letters" : "there is no such writer";
		return Responses.notFound(what + ": the writers are " + String.join(", ", this.writers.keySet()));
	}

	private static <T> Map<String, T> forEach(Map<String, Writer> writers, Function<Writer, T> function) {
		Map<String, T> results = new LinkedHashMap<>();
		writers.forEach((name, writer) -> results.put(name, function.apply(writer)));
		return results;
	}

	/**
	 * The state of the storage.
	 *
	 * @param writers The writers by name.
	 * @param schema The state of the schema.
	 * @param partitionsAhead The number of days ahead for which there are partitions, or
	 * null if not known.
	 * @param retention How long records are kept, and what was removed last.
	 */
	public record StorageReport(Map<String, WriterReport> writers, StorageSchema.Status schema,
			@Nullable Integer partitionsAhead, StorageRetention.Status retention) {

	}

	/**
	 * A writer.
	 *
	 * @param status What it is doing.
	 * @param buffer What it holds.
	 * @param spool How full its buffer on disk is, or null if it has none.
	 * @param writes The counts of its records.
	 */
	public record WriterReport(WriterStatus status, BufferStats buffer, @Nullable SpoolStats spool, WriteStats writes) {

		private static WriterReport of(Writer writer) {
			return new WriterReport(writer.status(), writer.bufferStats(), writer.spoolStats(), writer.writeStats());
		}

	}

	/**
	 * A flush.
	 *
	 * @param result The result, or null if the flush failed.
	 * @param error Why it failed, or null. The records are still buffered.
	 */
	public record FlushReport(@Nullable FlushResult result, @Nullable OperationError error) {

		private static FlushReport of(CompletableFuture<FlushResult> flush) {
			try {
				return new FlushReport(flush.join(), null);
			}
			catch (CompletionException ex) {
				return new FlushReport(null, OperationError.of((ex.getCause() != null) ? ex.getCause() : ex));
			}
		}

	}

}
