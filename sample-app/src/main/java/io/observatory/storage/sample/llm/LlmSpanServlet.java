package io.observatory.storage.sample.llm;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;

import io.observatory.storage.llm.LlmSpan;
import io.observatory.storage.model.TraceSpan;
import io.observatory.storage.sample.intake.Answer;
import io.observatory.storage.sample.intake.Body;
import io.observatory.storage.sample.intake.Intake;
import io.observatory.storage.sample.intake.RefusalReason;
import io.observatory.storage.sample.intake.Request;
import io.observatory.storage.sample.intake.RequestException;
import io.observatory.storage.sample.intake.Source;
import io.observatory.storage.sample.intake.http.IntakeServlet;
import io.observatory.storage.sample.intake.http.ReadThreads;
import io.observatory.storage.writer.RecordBatch;
import io.observatory.storage.writer.TraceWriter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/**
 * Accepts LLM calls as JSON, all of a request or none. When it answers, they are in the
 * buffer; soon after, they are in the database.
 */
final class LlmSpanServlet extends IntakeServlet {

	static final String PATH = "/api/llm-spans";

	private static final long serialVersionUID = 1L;

	private static final Source SOURCE = new Source("llm-spans", "http/json");

	private final transient TraceWriter writer;

	private final transient Clock clock;

	LlmSpanServlet(TraceWriter writer, Clock clock, Intake intake, ReadThreads threads) {
		super(intake, threads);
		this.writer = writer;
		this.clock = clock;
	}

	@Override
	protected Source source(HttpServletRequest http) {
		return SOURCE;
	}

	@Override
	protected Intake.Handler handler(HttpServletRequest http) {
		if (!isJson(http.getContentType())) {
			throw RequestException.unsupported("Content-Type must be application/json");
		}
		return this::take;
	}

	private static boolean isJson(String contentType) {
		try {
			return contentType != null
					&& MediaType.APPLICATION_JSON.equalsTypeAndSubtype(MediaType.parseMediaType(contentType));
		}
		catch (InvalidMediaTypeException ex) {
			return false;
		}
	}

	private Answer take(Request request, Body body) {
		try (RecordBatch<TraceSpan> batch = this.writer.newSpanBatch()) {
			LlmSpanJson.read(request, body, (span, index) -> add(request, batch, span, index));
			int spans = batch.rows();
			batch.write();
			return new Answer(spans, java.util.Map.of(), "");
		}
	}

	private void add(Request request, RecordBatch<TraceSpan> batch, LlmSpan span, int index) {
		TraceSpan row = span.toSpan();
		int before = batch.bytes();
		if (!batch.add(row)) {
			throw new RequestException(RefusalReason.TOO_OLD, "Not stored: [%d].latency.start is %d days ago"
				.formatted(index, Duration.between(row.startTime(), this.clock.instant()).toDays()));
		}
		// the batch's array may be twice as long as its content
		request.lease().reserve(2L * (batch.bytes() - before));
	}

	@Override
	protected void write(HttpServletRequest http, HttpServletResponse response, Answer answer) throws IOException {
		response.setStatus(HttpServletResponse.SC_ACCEPTED);
		write(response, new Accepted(answer.taken()));
	}

	@Override
	protected void write(HttpServletRequest http, HttpServletResponse response, RequestException refusal)
			throws IOException {
		write(response, new Refused(refusal.getMessage()));
	}

	private static void write(HttpServletResponse response, Object answer) throws IOException {
		byte[] json = JsonMapper.shared().writeValueAsBytes(answer);
		response.setContentType(MediaType.APPLICATION_JSON_VALUE);
		response.getOutputStream().write(json);
	}

	/**
	 * The answer to a request that was taken.
	 *
	 * @param accepted how many spans it had
	 */
	record Accepted(long accepted) {
	}

	/**
	 * The answer to a request that was not taken.
	 *
	 * @param error why, naming the field
	 */
	record Refused(String error) {
	}

}
