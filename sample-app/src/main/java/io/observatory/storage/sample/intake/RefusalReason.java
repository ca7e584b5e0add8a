package io.observatory.storage.sample.intake;

import java.time.Duration;
import java.util.Locale;

/**
 * Why a request was refused, or a record of it rejected.
 */
public enum RefusalReason {

	/** The body does not have the announced format. */
	MALFORMED(400),

	/** The sender does not know the token. */
	UNAUTHORIZED(401),

	/** The content type or encoding is unknown. */
	UNSUPPORTED(415),

	/** The request is too large. */
	TOO_LARGE(413),

	/** The body did not arrive in time. */
	TIMEOUT(408),

	/** More requests than can be read in time. */
	BUSY(503),

	/** All memory of the intake is in use. */
	NO_MEMORY(503),

	/** The writer's buffer is full. */
	BUFFER_FULL(503),

	/** The application is being stopped. */
	CLOSING(503),

	/** An error of this application. */
	FAILED(500),

	/** A record, or a field of it, that cannot be stored. */
	INVALID(400),

	/** A record older than the retention. */
	TOO_OLD(400);

	/**
	 * When a retryable request should be sent again. With 1 s, exporters of OpenTelemetry
	 * give up after 4 to 5 s; with this value the exporter for JavaScript gives up after
	 * 9 s.
	 */
	public static final Duration RETRY_AFTER = Duration.ofSeconds(3);

	private final int status;

	RefusalReason(int status) {
		this.status = status;
	}

	/** Returns the status of HTTP for a request that is refused for it. */
	public int status() {
		return this.status;
	}

	/** Returns whether the same request may be taken later. */
	public boolean isRetryable() {
		return this.status == 503;
	}

	/** Returns the name that meters and pages have for it. */
	public String label() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}
