package io.observatory.storage.engine;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

import io.observatory.storage.config.RetryConfig;
import io.observatory.storage.error.StorageException;
import org.springframework.retry.RetryCallback;
import org.springframework.retry.RetryContext;
import org.springframework.retry.RetryListener;
import org.springframework.retry.backoff.ExponentialRandomBackOffPolicy;
import org.springframework.retry.policy.SimpleRetryPolicy;
import org.springframework.retry.support.RetryTemplate;

/**
 * One retry cycle of a batch, by Spring Retry, which is used in this class alone. What is
 * done without a wait stands in {@code ErrorClass}.
 */
final class RetryCycle {

	/** How many seconds to wait after one, two, three and more failed cycles. */
	private static final int[] PAUSES = { 1, 2, 5 };

	private final RetryTemplate template;

	RetryCycle(RetryConfig config, Backoff waits, Runnable onFailure) {
		ExponentialRandomBackOffPolicy backOff = new ExponentialRandomBackOffPolicy();
		backOff.setInitialInterval(config.initialBackoff().toMillis());
		backOff.setMultiplier(config.multiplier());
		backOff.setMaxInterval(config.maxBackoff().toMillis());
		backOff.setSleeper((millis) -> waits.await(Duration.ofMillis(millis)));
		this.template = RetryTemplate.builder()
			.customPolicy(new RetryablePolicy(config.maxAttempts()))
			.customBackoff(backOff)
			.withListeners(List.of(new FailureListener(onFailure)))
			.build();
	}

	/**
	 * Returns how long to wait before the next cycle, when so many failed before the
	 * last.
	 */
	static Duration pauseAfter(int failed) {
		return Duration.ofSeconds(PAUSES[Math.min(failed, PAUSES.length - 1)]);
	}

	/**
	 * Calls until it succeeds, fails for good, or the attempts are used up.
	 * @throws StorageException the last failure
	 */
	<T> T call(Supplier<T> attempt) {
		return this.template.execute((context) -> attempt.get());
	}

	/**
	 * Retries what says that it is retryable.
	 */
	private static final class RetryablePolicy extends SimpleRetryPolicy {

		private static final long serialVersionUID = 1L;

		RetryablePolicy(int maxAttempts) {
			super(maxAttempts);
		}

		@Override
		public boolean canRetry(RetryContext context) {
			Throwable failure = context.getLastThrowable();
			return failure == null || (failure instanceof StorageException storage && storage.isRetryable()
					&& context.getRetryCount() < getMaxAttempts());
		}

	}

	private record FailureListener(Runnable onFailure) implements RetryListener {

		@Override
		public <T, E extends Throwable> void onError(RetryContext context, RetryCallback<T, E> callback,
				Throwable throwable) {
			this.onFailure.run();
		}

	}

}
