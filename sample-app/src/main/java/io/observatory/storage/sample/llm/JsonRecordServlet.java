package io.observatory.storage.sample.llm;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

import io.observatory.storage.error.InvalidRecordException;
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
import io.observatory.storage.writer.ScoredBatch;
import io.observatory.storage.writer.TraceWriter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/**
 * Accepts records as JSON, all of a request or none. When it answers, they are in the
 * buffer; soon after, they are in the database.
 *
 * @param <T> the record's type
 */
abstract class JsonRecordServlet<T> extends IntakeServlet {

	private static final long serialVersionUID = 1L;

	private final Source source;

	private final transient JsonRecords<T> json;

	private final transient TraceWriter writer;

	private final transient Clock clock;

	JsonRecordServlet(String signal, JsonRecords<T> json, TraceWriter writer, Clock clock, Intake intake,
			ReadThreads threads) {
		super(intake, threads);
		this.source = new Source(signal, "http/json");
		this.json = json;
		this.writer = writer;
		this.clock = clock;
	}

	@Override
	protected final Source source(HttpServletRequest http) {
		return this.source;
	}

	@Override
	protected final Intake.Handler handler(HttpServletRequest http) {
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
		try (ScoredBatch<TraceSpan> batch = this.writer.newSpanBatch()) {
			this.json.read(request, body, (record, index) -> add(request, batch, record, index));
			int records = batch.rows();
			batch.write();
			return new Answer(records, java.util.Map.of(), "");
		}
	}

	private void add(Request request, ScoredBatch<TraceSpan> batch, T record, int index) {
		int before = batch.bytes();
		TooOld tooOld = addValid(batch, record, index);
		if (tooOld != null) {
			throw new RequestException(RefusalReason.TOO_OLD, "Not stored: [%d].%s is %d days ago".formatted(index,
					tooOld.field(), Duration.between(tooOld.time(), this.clock.instant()).toDays()));
		}
		// the batch's array may be twice as long as its content
		request.lease().reserve(2L * (batch.bytes() - before));
	}

	private @Nullable TooOld addValid(ScoredBatch<TraceSpan> batch, T record, int index) {
		try {
			return add(batch, record);
		}
		catch (InvalidRecordException ex) {
			throw new RequestException(RefusalReason.INVALID, "Not stored: [%d] %s".formatted(index, ex.getMessage()));
		}
	}

	/** Adds a record to the batch, or returns what is too old. */
	abstract @Nullable TooOld add(ScoredBatch<TraceSpan> batch, T record);

	@Override
	protected final void write(HttpServletRequest http, HttpServletResponse response, Answer answer)
			throws IOException {
		response.setStatus(HttpServletResponse.SC_ACCEPTED);
		write(response, new Accepted(answer.taken()));
	}

	@Override
	protected final void write(HttpServletRequest http, HttpServletResponse response, RequestException refusal)
			throws IOException {
		write(response, new Refused(refusal.getMessage()));
	}

	private static void write(HttpServletResponse response, Object answer) throws IOException {
		byte[] json = JsonMapper.shared().writeValueAsBytes(answer);
		response.setContentType(MediaType.APPLICATION_JSON_VALUE);
		response.getOutputStream().write(json);
	}

	/**
	 * Why a record is too old.
	 *
	 * @param field the field
	 * @param time its value
	 */
	record TooOld(String field, Instant time) {
	}

	/**
	 * The answer to a request that was taken.
	 *
	 * @param accepted how many records it had
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
