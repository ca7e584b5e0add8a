package io.observatory.storage.sample.demo;

import java.util.List;

import io.observatory.storage.llm.LlmSpan;
import io.observatory.storage.model.LogRecord;
import io.observatory.storage.model.MetricDataPoint;
import io.observatory.storage.model.Score;
import io.observatory.storage.model.TraceSpan;

/**
 * The telemetry of one request to a chat service: a trace of the server's span, the
 * model's and a tool's, what was logged, and what was measured.
 *
 * @param server the server's span, the root
 * @param call the call of the model
 * @param tool the call of a tool
 * @param logs what was logged
 * @param points what was measured
 * @param scores what the user thought of the answer, if that was said
 */
record Conversation(TraceSpan server, LlmSpan call, TraceSpan tool, List<LogRecord> logs, List<MetricDataPoint> points,
		List<Score> scores) {

	/** The number of records of a conversation, without the score that few have. */
	static final int RECORDS = 8;

}
