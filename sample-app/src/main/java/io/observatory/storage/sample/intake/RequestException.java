package io.observatory.storage.sample.intake;

import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;

import io.observatory.storage.error.InvalidRecordException;
import io.observatory.storage.error.StorageException;
import io.observatory.storage.error.TooLargeException;
import io.observatory.storage.error.WriterClosedException;
import org.jspecify.annotations.Nullable;

/**
 * A request that cannot be taken; nothing of it is stored. The message is for its sender
 * and shows nothing of the request's content.
 */
public final class RequestException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final RefusalReason reason;

	public RequestException(RefusalReason reason, String message) {
		// no stack trace: a sender can make many of these
		super(message, null, false, false);
		this.reason = reason;
	}

	/**
	 * Returns the exception for a body that is not what it should be.
	 */
	public static RequestException malformed(String message) {
		return new RequestException(RefusalReason.MALFORMED, message);
	}

	/**
	 * Returns the exception for a content type or encoding that is not known.
	 */
	public static RequestException unsupported(String message) {
		return new RequestException(RefusalReason.UNSUPPORTED, message);
	}

	/**
	 * Returns the exception for a request that has more bytes than one may have.
	 */
	public static RequestException tooLarge(long maxSize) {
		return new RequestException(RefusalReason.TOO_LARGE,
				"The request is larger than %d bytes (sample.intake.max-request-size): send fewer records at a time"
					.formatted(maxSize));
	}

	/**
	 * Returns the exception for records that a writer did not take.
	 */
	public static RequestException of(StorageException ex) {
		return new RequestException(reason(ex), String.valueOf(ex.getMessage()));
	}

	/**
	 * Returns the exception for what a future of a request ended with.
	 */
	public static RequestException of(@Nullable Throwable failure) {
		Throwable cause = (failure instanceof CompletionException) ? failure.getCause() : failure;
		if (cause instanceof TimeoutException) {
			return new RequestException(RefusalReason.TIMEOUT,
					"The body did not arrive in time (sample.intake.request-timeout)");
		}
		return (cause instanceof RequestException ex) ? ex
				: new RequestException(RefusalReason.FAILED, "The request could not be taken");
	}

	/**
	 * What may be taken later, here or by the process that follows this one, is to be
	 * sent again.
	 */
	private static RefusalReason reason(StorageException ex) {
		if (ex instanceof InvalidRecordException) {
			return RefusalReason.INVALID;
		}
		if (ex instanceof TooLargeException) {
			return RefusalReason.TOO_LARGE;
		}
		if (ex instanceof WriterClosedException) {
			return RefusalReason.CLOSING;
		}
		return ex.isRetryable() ? RefusalReason.BUFFER_FULL : RefusalReason.FAILED;
	}

	@Override
	public String getMessage() {
		return String.valueOf(super.getMessage());
	}

	/**
	 * Returns why it cannot be taken.
	 */
	public RefusalReason reason() {
		return this.reason;
	}

}
