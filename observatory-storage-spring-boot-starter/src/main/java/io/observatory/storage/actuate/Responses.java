package io.observatory.storage.actuate;

import java.util.function.Supplier;

import io.observatory.storage.error.StorageException;
import io.observatory.storage.session.Untraced;

import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/**
 * The endpoint's responses: what an operation returns, or a body that says why there is
 * nothing of that.
 */
final class Responses {

	private Responses() {
	}

	/**
	 * Does something. An IllegalArgumentException is the caller's fault; its message must
	 * be ours.
	 */
	static WebEndpointResponse<Object> of(Supplier<?> operation) {
		try {
			return new WebEndpointResponse<>(Untraced.call(operation::get));
		}
		catch (IllegalArgumentException ex) {
			return refused(String.valueOf(ex.getMessage()), WebEndpointResponse.STATUS_BAD_REQUEST);
		}
		catch (StorageException ex) {
			return new WebEndpointResponse<>(new Failure(OperationError.of(ex)),
					ex.isRetryable() ? WebEndpointResponse.STATUS_SERVICE_UNAVAILABLE
							: WebEndpointResponse.STATUS_INTERNAL_SERVER_ERROR);
		}
	}

	static WebEndpointResponse<Object> notFound(String message) {
		return refused(message, WebEndpointResponse.STATUS_NOT_FOUND);
	}

	private static WebEndpointResponse<Object> refused(String message, int status) {
		return new WebEndpointResponse<>(new Failure(new OperationError(message, null, false)), status);
	}

	/**
	 * The body where there is no result.
	 *
	 * @param error Why.
	 */
	record Failure(OperationError error) {

	}

}
