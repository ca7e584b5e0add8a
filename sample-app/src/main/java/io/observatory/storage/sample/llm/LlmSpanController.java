package io.observatory.storage.sample.llm;

import java.io.IOException;
import java.util.List;

import io.observatory.storage.error.StorageException;
import io.observatory.storage.llm.LlmSpan;
import io.observatory.storage.sample.http.RequestBody;
import io.observatory.storage.sample.http.RequestException;
import io.observatory.storage.writer.TraceWriter;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Takes LLM calls as JSON, all of a request or none. They are in the buffer when it
 * answers, and in the database soon after.
 */
@RestController
class LlmSpanController {

	private final TraceWriter writer;

	LlmSpanController(TraceWriter writer) {
		this.writer = writer;
	}

	@PostMapping(path = "/api/llm-spans", consumes = MediaType.APPLICATION_JSON_VALUE)
	ResponseEntity<Accepted> write(HttpServletRequest request) throws IOException {
		List<LlmSpan> spans = LlmSpanJson.read(RequestBody.read(request));
		this.writer.writeLlmSpans(spans);
		return ResponseEntity.accepted().body(new Accepted(spans.size()));
	}

	@ExceptionHandler
	ResponseEntity<Refused> refused(RequestException ex) {
		return ex.response().body(new Refused(ex.getMessage()));
	}

	@ExceptionHandler
	ResponseEntity<Refused> notTaken(StorageException ex) {
		return refused(RequestException.of(ex));
	}

	/**
	 * The answer to a request that was taken.
	 *
	 * @param accepted how many spans it had
	 */
	record Accepted(int accepted) {
	}

	/**
	 * The answer to a request that was not taken.
	 *
	 * @param error why, naming the field
	 */
	record Refused(String error) {
	}

}
