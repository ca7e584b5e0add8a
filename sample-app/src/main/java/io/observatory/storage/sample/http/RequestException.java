package io.observatory.storage.sample.http;

import io.observatory.storage.error.InvalidRecordException;
import io.observatory.storage.error.StorageException;
import io.observatory.storage.error.TooLargeException;
import io.observatory.storage.error.WriterClosedException;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;

/**
 * A request that cannot be taken; nothing of it is stored. The message is for its sender
 * and shows nothing of the request's content.
 */
public final class RequestException extends RuntimeException {

	private static final String RETRY_AFTER_SECONDS = "1";

	private final HttpStatus status;

	private RequestException(HttpStatus status, String message) {
		// no stack trace: a sender can make many of these
		super(message, null, false, false);
		this.status = status;
	}

	/**
	 * Returns the exception for a body that is not what it should be.
	 */
	public static RequestException malformed(String message) {
		return new RequestException(HttpStatus.BAD_REQUEST, message);
	}

	/**
	 * Returns the exception for a content type or encoding that is not known.
	 */
	public static RequestException unsupported(String message) {
		return new RequestException(HttpStatus.UNSUPPORTED_MEDIA_TYPE, message);
	}

	static RequestException tooLarge(int limit) {
		return new RequestException(HttpStatus.CONTENT_TOO_LARGE, "The body is larger than " + limit + " bytes");
	}

	/**
	 * Returns the exception for records that a writer did not take. What may be taken
	 * later, here or by the process that follows this one, is 503.
	 */
	public static RequestException of(StorageException ex) {
		return new RequestException(status(ex), String.valueOf(ex.getMessage()));
	}

	private static HttpStatus status(StorageException ex) {
		if (ex instanceof InvalidRecordException) {
			return HttpStatus.BAD_REQUEST;
		}
		if (ex instanceof TooLargeException) {
			return HttpStatus.CONTENT_TOO_LARGE;
		}
		return (ex.isRetryable() || ex instanceof WriterClosedException) ? HttpStatus.SERVICE_UNAVAILABLE
				: HttpStatus.INTERNAL_SERVER_ERROR;
	}

	@Override
	public String getMessage() {
		return String.valueOf(super.getMessage());
	}

	/**
	 * Returns the response's status.
	 */
	public HttpStatus status() {
		return this.status;
	}

	/**
	 * Returns the response, except its body.
	 */
	public ResponseEntity.BodyBuilder response() {
		ResponseEntity.BodyBuilder response = ResponseEntity.status(this.status);
		return (this.status == HttpStatus.SERVICE_UNAVAILABLE)
				? response.header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS) : response;
	}

}
