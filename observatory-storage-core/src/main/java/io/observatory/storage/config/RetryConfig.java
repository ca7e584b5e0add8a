package io.observatory.storage.config;

import java.time.Duration;

/**
 * One retry cycle of a batch: after a transient failure it is sent again, waiting longer
 * each time, with jitter. When the cycle ends without success the batch stays and further
 * cycles follow.
 *
 * @param maxAttempts how often a cycle sends the batch, at least 1
 * @param initialBackoff the first wait
 * @param multiplier what each wait is multiplied by for the next one, at least 1
 * @param maxBackoff the longest wait
 */
public record RetryConfig(int maxAttempts, Duration initialBackoff, double multiplier, Duration maxBackoff) {

	/** Four attempts, with 200, 400 and 800 ms between them. */
	public static final RetryConfig DEFAULT = new RetryConfig(4, Duration.ofMillis(200), 2, Duration.ofSeconds(2));

	public RetryConfig {
		StorageConfig.check(maxAttempts >= 1, "retry.maxAttempts must be at least 1");
		StorageConfig.check(initialBackoff.toMillis() >= 1, "retry.initialBackoff must be at least 1 ms");
		StorageConfig.check(multiplier >= 1 && multiplier <= 10, "retry.multiplier must lie between 1 and 10");
		StorageConfig.check(maxBackoff.compareTo(initialBackoff) >= 0,
				"retry.maxBackoff must not be shorter than initialBackoff");
	}

}
