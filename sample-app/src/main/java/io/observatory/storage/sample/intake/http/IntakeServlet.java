package io.observatory.storage.sample.intake.http;

import java.io.IOException;
import java.util.concurrent.ScheduledFuture;

import io.observatory.storage.sample.intake.Answer;
import io.observatory.storage.sample.intake.Body;
import io.observatory.storage.sample.intake.ContentEncoding;
import io.observatory.storage.sample.intake.Intake;
import io.observatory.storage.sample.intake.RefusalReason;
import io.observatory.storage.sample.intake.Request;
import io.observatory.storage.sample.intake.RequestException;
import io.observatory.storage.sample.intake.Source;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

/**
 * Takes telemetry by POST. A request holds none of the server's threads: its body is read
 * by {@link ReadThreads} while bytes of it are there, its records by those of the
 * {@link Intake}. It is answered in any case, and its body has a deadline.
 */
public abstract class IntakeServlet extends HttpServlet {

	private static final long serialVersionUID = 1L;

	private final transient Intake intake;

	private final transient ReadThreads threads;

	protected IntakeServlet(Intake intake, ReadThreads threads) {
		this.intake = intake;
		this.threads = threads;
	}

	@Override
	protected final void doPost(HttpServletRequest http, HttpServletResponse response) throws IOException {
		serve(http, response, null);
	}

	/** Answers a request that is not to be taken, and reads its body away. */
	final void refuse(HttpServletRequest http, HttpServletResponse response, RequestException refusal)
			throws IOException {
		serve(http, response, refusal);
	}

	private void serve(HttpServletRequest http, HttpServletResponse response, @Nullable RequestException refusal)
			throws IOException {
		Request request = this.intake.open(source(http));
		AsyncContext context = http.startAsync();
		// there is a deadline of our own, which knows whether the body has arrived
		context.setTimeout(0);
		Body body = request.newBody();
		BodyReader reader = new BodyReader(http.getInputStream(), body, this.threads::execute);
		ScheduledFuture<?> deadline = this.threads.schedule(reader::expire, request.timeLeft().dividedBy(2));
		reader.end().whenComplete((end, failure) -> deadline.cancel(false));
		reader.body()
			.thenCompose((complete) -> this.intake.take(request, encoding(http), complete, handler(http)))
			.whenComplete((answer, failure) -> {
				answer(http, response, request, answer, failure);
				if (!reader.end().isDone()) {
					flush(response);
				}
				reader.end().whenComplete((end, none) -> context.complete());
			});
		if (refusal != null) {
			reader.refuse(refusal);
		}
		else {
			refuseEarly(http, body, reader);
		}
		http.getInputStream().setReadListener(reader);
	}

	/** Refuses what can be refused before the body is read. */
	private void refuseEarly(HttpServletRequest http, Body body, BodyReader reader) {
		try {
			handler(http);
			encoding(http);
			body.expect(http.getContentLengthLong());
			this.intake.checkRoom(http.getContentLengthLong());
		}
		catch (RequestException ex) {
			reader.refuse(ex);
		}
	}

	private static ContentEncoding encoding(HttpServletRequest http) {
		return ContentEncoding.of(http.getHeader("Content-Encoding"));
	}

	private void answer(HttpServletRequest http, HttpServletResponse response, Request request, @Nullable Answer answer,
			@Nullable Throwable failure) {
		try {
			if (answer != null) {
				write(http, response, answer);
			}
			else {
				refuse(http, response, request, RequestException.of(failure));
			}
		}
		catch (IOException ex) {
			// its sender does not wait for the answer
		}
	}

	/**
	 * The sender of an incomplete body receives the answer now. The answer must not have
	 * a length, because the server would stop reading with its last byte.
	 */
	private static void flush(HttpServletResponse response) {
		try {
			response.flushBuffer();
		}
		catch (IOException ex) {
			// as above
		}
	}

	private void refuse(HttpServletRequest http, HttpServletResponse response, Request request, RequestException ex)
			throws IOException {
		if (request.isOpen()) {
			this.intake.refuse(request, ex);
		}
		response.setStatus(ex.reason().status());
		if (ex.reason().isRetryable()) {
			response.setHeader("Retry-After", String.valueOf(RefusalReason.RETRY_AFTER.toSeconds()));
		}
		if (ex.reason() == RefusalReason.TIMEOUT) {
			response.setHeader("Connection", "close");
		}
		write(http, response, ex);
	}

	/** Returns where a request comes from. */
	protected abstract Source source(HttpServletRequest http);

	/**
	 * Returns the handler of a request.
	 * @throws RequestException when its content type is not known
	 */
	protected abstract Intake.Handler handler(HttpServletRequest http);

	/** Writes the answer to a request that was taken. */
	protected abstract void write(HttpServletRequest http, HttpServletResponse response, Answer answer)
			throws IOException;

	/** Writes why a request was refused; its status is set already. */
	protected abstract void write(HttpServletRequest http, HttpServletResponse response, RequestException refusal)
			throws IOException;

}
