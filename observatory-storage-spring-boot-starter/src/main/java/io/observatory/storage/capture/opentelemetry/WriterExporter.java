package io.observatory.storage.capture.opentelemetry;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

import io.observatory.storage.error.InvalidRecordException;
import io.observatory.storage.error.StorageException;
import io.observatory.storage.model.Score;
import io.observatory.storage.writer.Writer;
import io.opentelemetry.sdk.common.CompletableResultCode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the three exporters have in common.
 *
 * @param <W> the writer
 */
abstract class WriterExporter<W extends Writer> {

	private static final Logger logger = LoggerFactory.getLogger(WriterExporter.class);

	private final Supplier<@Nullable W> writer;

	private final AtomicReference<@Nullable CompletableResultCode> shutdown = new AtomicReference<>();

	private final AtomicBoolean warned = new AtomicBoolean();

	WriterExporter(Supplier<@Nullable W> writer) {
		this.writer = writer;
	}

	/**
	 * Gives records to the writer.
	 * @param offer returns whether the writer accepted them
	 * @return success if it did; failure if it had no room or does not exist
	 */
	final CompletableResultCode offer(Predicate<W> offer) {
		W target = this.writer.get();
		if (target == null || this.shutdown.get() != null) {
			return CompletableResultCode.ofFailure();
		}
		try {
			return offer.test(target) ? CompletableResultCode.ofSuccess() : CompletableResultCode.ofFailure();
		}
		catch (StorageException ex) {
			return CompletableResultCode.ofExceptionalFailure(ex);
		}
	}

	/**
	 * Offers records, and the scores that came with them. Those that cannot be stored are
	 * left out. This is not a failure, as in OTLP's partial success, because exporting
	 * the others again would store them twice.
	 */
	final <T> boolean offerValid(List<T> records, List<Score> scores,
			BiPredicate<Collection<T>, Collection<Score>> offer, Function<T, Optional<InvalidRecordException>> check,
			Function<Score, Optional<InvalidRecordException>> checkScore) {
		try {
			return records.isEmpty() || offer.test(records, scores);
		}
		catch (InvalidRecordException ex) {
			List<T> valid = records.stream().filter((record) -> isValid(record, check)).toList();
			List<Score> validScores = scores.stream().filter((score) -> isValid(score, checkScore)).toList();
			return (valid.isEmpty() && validScores.isEmpty()) || offer.test(valid, validScores);
		}
	}

	private <T> boolean isValid(T record, Function<T, Optional<InvalidRecordException>> check) {
		Optional<InvalidRecordException> problem = check.apply(record);
		problem.ifPresent(this::warnOnce);
		return problem.isEmpty();
	}

	/**
	 * Logs once that records cannot be stored; the writer counts them.
	 */
	final void warnOnce(InvalidRecordException problem) {
		if (this.warned.compareAndSet(false, true)) {
			logger.warn("A record of OpenTelemetry cannot be stored and is left out; said once. {}",
					problem.getMessage());
		}
	}

	/**
	 * Stores what was exported until now.
	 * @return succeeds once it is committed
	 */
	public final CompletableResultCode flush() {
		W target = this.writer.get();
		if (target == null) {
			return CompletableResultCode.ofSuccess();
		}
		CompletableResultCode result = new CompletableResultCode();
		target.flushAsync().whenComplete((flushed, failure) -> {
			if (failure == null) {
				result.succeed();
			}
			else {
				result.failExceptionally(failure);
			}
		});
		return result;
	}

	/**
	 * Refuses further records and stores the accepted ones. The writer stays open,
	 * because it does not belong to the exporter.
	 */
	public final CompletableResultCode shutdown() {
		CompletableResultCode result = new CompletableResultCode();
		CompletableResultCode earlier = this.shutdown.compareAndExchange(null, result);
		if (earlier != null) {
			return earlier;
		}
		CompletableResultCode flush = flush();
		flush.whenComplete(() -> {
			if (flush.isSuccess()) {
				result.succeed();
			}
			else {
				result.fail();
			}
		});
		return result;
	}

	@Override
	public final String toString() {
		return getClass().getSimpleName();
	}

}
