package io.observatory.storage.sample.intake.http;

import java.io.IOException;

import io.observatory.storage.sample.intake.RefusalReason;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.AbstractProtocol;

/**
 * Answers 503 to a request that Tomcat would call bad (400) only because it is being
 * stopped: it does not read the headers any more, and then misses {@code Host}. After a
 * 400 a sender would discard its records.
 */
final class StoppingServerValve extends ValveBase {

	StoppingServerValve() {
		super(true);
	}

	@Override
	public void invoke(Request request, Response response) throws IOException, ServletException {
		if (response.getStatus() == HttpServletResponse.SC_BAD_REQUEST && isPaused(request)) {
			response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
			response.setHeader("Retry-After", String.valueOf(RefusalReason.RETRY_AFTER.toSeconds()));
		}
		getNext().invoke(request, response);
	}

	private static boolean isPaused(Request request) {
		return request.getConnector().getProtocolHandler() instanceof AbstractProtocol<?> protocol
				&& protocol.isPaused();
	}

}
