package io.observatory.storage.sample.intake;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;
import org.springframework.util.unit.DataSize;

/**
 * The bounds of the intake.
 *
 * @param maxMemory the most memory that requests may take together, with their records
 * and rows; a quarter of the heap if not set
 * @param maxRequestSize the most that one request may have after decompression, each of
 * its records counted with {@value Request#RECORD_BYTES} bytes more (OTLP 1.11 recommends
 * 64 MiB)
 * @param requestTimeout how long a request may take until it is answered; half of it is
 * for its body to arrive
 * @param duplicateWindow how long a request is remembered, so that the same bytes are
 * stored once; 0 for not at all
 * @param allowedOrigins the origins whose pages may send from a browser (CORS), as
 * {@code https://shop.example}; none if not set
 */
@ConfigurationProperties("sample.intake")
public record IntakeProperties(@Nullable DataSize maxMemory, @DefaultValue("64MB") DataSize maxRequestSize,
		@DefaultValue("30s") Duration requestTimeout, @DefaultValue("5m") Duration duplicateWindow,
		@DefaultValue List<String> allowedOrigins) {

	private static final int SHARE_OF_HEAP = 4;

	private static final DataSize LARGEST = DataSize.ofGigabytes(1);

	public IntakeProperties {
		Assert.isTrue(maxMemory == null || maxMemory.toBytes() >= DataSize.ofMegabytes(1).toBytes(),
				"sample.intake.max-memory must be at least 1MB");
		Assert.isTrue(maxRequestSize.toBytes() >= 1 && maxRequestSize.compareTo(LARGEST) <= 0,
				"sample.intake.max-request-size must lie between 1B and 1GB");
		Assert.isTrue(requestTimeout.compareTo(Duration.ofSeconds(1)) >= 0,
				"sample.intake.request-timeout must be at least 1s");
		Assert.isTrue(!duplicateWindow.isNegative(), "sample.intake.duplicate-window must not be negative");
	}

	long maxMemoryBytes() {
		return (this.maxMemory != null) ? this.maxMemory.toBytes() : Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP;
	}

}
