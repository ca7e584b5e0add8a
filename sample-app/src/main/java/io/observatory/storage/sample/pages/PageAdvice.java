package io.observatory.storage.sample.pages;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Clock;

import io.observatory.storage.sample.otlp.grpc.GrpcServer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

/**
 * Adds to every page: the time range ({@code range} in the model), the address of
 * OTLP/gRPC ({@code grpc}, unless it is off), and an error page that says what to do and
 * never shows a statement or content.
 */
@ControllerAdvice(basePackageClasses = PageAdvice.class)
class PageAdvice {

	private static final Logger logger = LoggerFactory.getLogger(PageAdvice.class);

	private static final String QUERY_CANCELED = "57014";

	/**
	 * SQLSTATE class 22 (data exception), for instance of numbers that are too large.
	 */
	private static final String DATA_EXCEPTION = "22";

	private static final String WRONG_LINK = "This link asks for something that is not there";

	private final Clock clock;

	private final ObjectProvider<GrpcServer> grpc;

	PageAdvice(Clock clock, ObjectProvider<GrpcServer> grpc) {
		this.clock = clock;
		this.grpc = grpc;
	}

	/** Returns the address with the host by which this page was requested. */
	@ModelAttribute("grpc")
	@Nullable String grpc() {
		GrpcServer server = this.grpc.getIfAvailable();
		return (server != null && server.isRunning()) ? ServletUriComponentsBuilder.fromCurrentContextPath()
			.scheme(server.isSecure() ? "https" : "http")
			.port(server.port())
			.replacePath(null)
			.toUriString() : null;
	}

	@ModelAttribute("range")
	TimeRange range(@RequestParam(required = false) @Nullable String range,
			@RequestParam(required = false) @Nullable String from,
			@RequestParam(required = false) @Nullable String to) {
		return TimeRange.of(range, from, to, this.clock.instant());
	}

	@ExceptionHandler
	ModelAndView invalid(InvalidParameterException ex) {
		return error(HttpStatus.BAD_REQUEST, WRONG_LINK, ex.getMessage());
	}

	@ExceptionHandler
	ModelAndView mistyped(MethodArgumentTypeMismatchException ex) {
		return error(HttpStatus.BAD_REQUEST, WRONG_LINK, ex.getName() + " must be a whole number.");
	}

	@ExceptionHandler
	ModelAndView incomplete(MissingServletRequestParameterException ex) {
		return error(HttpStatus.BAD_REQUEST, WRONG_LINK, ex.getParameterName() + " is missing.");
	}

	@ExceptionHandler
	ModelAndView missing(NotStoredException ex) {
		return error(HttpStatus.NOT_FOUND, "Not found", ex.getMessage());
	}

	@ExceptionHandler
	ModelAndView failed(DataAccessException ex) {
		String state = sqlState(ex);
		if (QUERY_CANCELED.equals(state)) {
			return error(HttpStatus.GATEWAY_TIMEOUT, "That takes too long",
					"A page waits %d seconds for the database, an export %d minutes. Choose a shorter time range or a narrower filter."
						.formatted(PagesDatabase.STATEMENT_TIMEOUT.toSeconds(),
								PagesDatabase.EXPORT_TIMEOUT.toMinutes()));
		}
		if (state != null && state.startsWith(DATA_EXCEPTION)) {
			return error(HttpStatus.BAD_REQUEST, WRONG_LINK,
					"A parameter has a value that the database cannot compare with anything.");
		}
		// the message would show the statement
		logger.warn("A page could not be shown: the database answered with {} (SQLSTATE {})",
				ex.getClass().getSimpleName(), state);
		if (isPoolBusy(ex)) {
			return error(HttpStatus.SERVICE_UNAVAILABLE, "Too many pages or exports at once",
					"All connections for them are in use. Try again in a moment, or close pages that show much.");
		}
		return error(HttpStatus.SERVICE_UNAVAILABLE, "The database does not answer",
				"It may be down, or busy with its tables. Try again in a moment; /actuator/health says whether "
						+ "the writers reach it.");
	}

	/**
	 * The pool gives the cause if it could not connect; there is none if all connections
	 * are in use.
	 */
	private static boolean isPoolBusy(DataAccessException ex) {
		return ex.getCause() instanceof SQLTransientConnectionException timeout && timeout.getCause() == null;
	}

	private static @Nullable String sqlState(DataAccessException ex) {
		for (Throwable cause = ex; cause != null; cause = cause.getCause()) {
			if (cause instanceof SQLException sql && sql.getSQLState() != null) {
				return sql.getSQLState();
			}
		}
		return null;
	}

	private static ModelAndView error(HttpStatus status, String title, @Nullable String text) {
		ModelAndView page = new ModelAndView("failure");
		page.setStatus(status);
		page.addObject("title", title);
		page.addObject("text", text);
		return page;
	}

}
