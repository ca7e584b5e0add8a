package io.observatory.storage.sample.intake.http;

import java.io.IOException;
import java.util.Map;

import io.observatory.storage.sample.intake.RefusalReason;
import io.observatory.storage.sample.intake.RequestException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.AuthenticationEntryPoint;

/**
 * Answers 401 to who does not know the token. The servlet of the request does it, so that
 * the answer has the format of its protocol, is counted, and arrives: the body is read
 * away, without a thread that waits for it.
 *
 * @param servlets the servlets of the intake, by their paths
 */
record UnauthorizedRequest(Map<String, IntakeServlet> servlets) implements AuthenticationEntryPoint {

	@Override
	public void commence(HttpServletRequest request, HttpServletResponse response, AuthenticationException ex)
			throws IOException {
		response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
		IntakeServlet servlet = this.servlets.get(IntakePaths.of(request));
		if (servlet == null || !HttpMethod.POST.matches(request.getMethod())) {
			response.setStatus(HttpStatus.UNAUTHORIZED.value());
			return;
		}
		servlet.refuse(request, response, new RequestException(RefusalReason.UNAUTHORIZED,
				"The header Authorization must be \"Bearer\" and the token (sample.intake.token)"));
	}

}
