package io.observatory.storage.sample.pages.writers;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.observatory.storage.deadletter.DeadLetterQueue;
import io.observatory.storage.error.StorageException;
import io.observatory.storage.sample.pages.Format;
import io.observatory.storage.sample.pages.NotStoredException;
import io.observatory.storage.session.Untraced;
import io.observatory.storage.stats.FlushResult;
import io.observatory.storage.writer.Writer;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * Flushes, pauses and resumes the writers, shows their state, and replays the dead
 * letters. Thread-safe.
 */
@Component
class WriterControl {

	/** The maximum of a replay while somebody waits. */
	static final int MAX_REPLAYED = 200;

	/** The browser gives up after 15 s. */
	private static final Duration PATIENCE = Duration.ofSeconds(8);

	private final List<Writer> writers;

	private final DeadLetterQueue letters;

	private final Format format;

	private final Map<String, Throughput> throughputs = new ConcurrentHashMap<>();

	WriterControl(List<Writer> writers, DeadLetterQueue letters, Format format) {
		this.writers = writers;
		this.letters = letters;
		this.format = format;
	}

	List<WriterView> views() {
		return this.writers.stream().map(this::view).toList();
	}

	private WriterView view(Writer writer) {
		Throughput throughput = this.throughputs.computeIfAbsent(writer.name(), (name) -> new Throughput());
		return new WriterView(writer.name(), writer.status(), writer.bufferStats(), writer.spoolStats(),
				writer.writeStats(), throughput.read(writer.writeStats(), System.nanoTime()));
	}

	WriterView view(String name) {
		return view(writer(name));
	}

	private Writer writer(String name) {
		return this.writers.stream()
			.filter((writer) -> writer.name().equals(name))
			.findFirst()
			.orElseThrow(() -> new NotStoredException("There is no such writer."));
	}

	/**
	 * Runs the operation and returns its result.
	 */
	OperationResult run(String name, WriterOperation operation) {
		Writer writer = writer(name);
		return switch (operation) {
			case FLUSH -> flush(writer);
			case PAUSE -> {
				writer.pause();
				yield OperationResult.done("The writer of " + name + " is paused.");
			}
			case RESUME -> {
				writer.resume();
				yield OperationResult.done("The writer of " + name + " goes on.");
			}
		};
	}

	private OperationResult flush(Writer writer) {
		try {
			FlushResult result = writer.flushAsync().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
			return OperationResult.done("Flushed " + writer.name() + ": " + this.format.number(result.rows())
					+ " records were waiting, which took " + this.format.length(result.duration()) + ".");
		}
		catch (TimeoutException ex) {
			return OperationResult.failed("The flush of " + writer.name() + " goes on in the background.");
		}
		catch (ExecutionException ex) {
			return OperationResult
				.failed("The flush of " + writer.name() + " failed; nothing is lost. " + reason(ex.getCause()));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return OperationResult.failed("The flush of " + writer.name() + " goes on in the background.");
		}
	}

	/**
	 * Sends the rows of dead letters again, {@value #MAX_REPLAYED} at most.
	 */
	OperationResult replay() {
		try {
			DeadLetterQueue.Replay replay = Untraced.call(() -> this.letters.replay(MAX_REPLAYED));
			return OperationResult.done("Of the dead letters, " + this.format.number(replay.replayed())
					+ " were stored and " + this.format.number(replay.failedAgain()) + " refused again; "
					+ this.format.number(replay.remaining()) + " are left.");
		}
		catch (StorageException ex) {
			return OperationResult.failed("The dead letters were not all sent again. " + reason(ex));
		}
	}

	/** Only messages of this library are known to show no content. */
	private static String reason(@Nullable Throwable failure) {
		return (failure instanceof StorageException ex) ? String.valueOf(ex.getMessage())
				: "The log of the application says more.";
	}

}
