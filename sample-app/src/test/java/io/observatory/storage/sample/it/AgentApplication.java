package io.observatory.storage.sample.it;

import java.util.logging.Logger;

import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Scope;

/**
 * A small application that runs with OpenTelemetry's agent: each piece of its work is a
 * span, a log record and one more of a counter.
 */
final class AgentApplication {

	/** More than go into one export. */
	static final int WORK = 700;

	private AgentApplication() {
	}

	public static void main(String[] args) {
		Tracer tracer = GlobalOpenTelemetry.getTracer("work");
		LongCounter counter = GlobalOpenTelemetry.getMeter("work").counterBuilder("work.done").build();
		Logger logger = Logger.getLogger("work");
		for (int i = 0; i < WORK; i++) {
			Span span = tracer.spanBuilder("work " + i).startSpan();
			try (Scope scope = span.makeCurrent()) {
				logger.info("work " + i);
				counter.add(1);
			}
			finally {
				span.end();
			}
		}
	}

}
