package io.observatory.storage.engine;

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
 * One retry cycle of a batch, by Spring Retry, which is used in this class alone.
 */
final class RetryCycle {

	private final RetryTemplate template;

	RetryCycle(RetryConfig config, Runnable onFailure) {
		ExponentialRandomBackOffPolicy backOff = new ExponentialRandomBackOffPolicy();
		backOff.setInitialInterval(config.initialBackoff().toMillis());
		backOff.setMultiplier(config.multiplier());
		backOff.setMaxInterval(config.maxBackoff().toMillis());
		this.template = RetryTemplate.builder()
			.customPolicy(new RetryablePolicy(config.maxAttempts()))
			.customBackoff(backOff)
			.withListeners(List.of(new FailureListener(onFailure)))
			.build();
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
