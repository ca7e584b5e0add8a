package io.observatory.storage.actuate;

import java.util.function.Supplier;

import io.observatory.storage.error.StorageException;
import io.observatory.storage.session.Untraced;

import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/**
 * The responses of the endpoint: the result of an operation, or a body that says why it
 * failed.
 */
final class Responses {

	private Responses() {
	}

	/**
	 * Runs an operation. An IllegalArgumentException becomes a bad request with its
	 * message, so the message must come from this library.
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
	 * The body of a response without a result.
	 *
	 * @param error Why.
	 */
	record Failure(OperationError error) {

	}

}
