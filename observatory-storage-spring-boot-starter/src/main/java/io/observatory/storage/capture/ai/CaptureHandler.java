package io.observatory.storage.capture.ai;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;

/**
 * Captures one kind of Spring AI's observations. Must be registered after a tracing
 * handler, as Spring Boot does: it then stops before that one ends its span. It never
 * affects the observed call: its own errors are logged, without content.
 *
 * @param <C> the context of the observations
 */
public final class CaptureHandler<C extends Observation.Context> implements ObservationHandler<C> {

	private final AiSpan<C> kind;

	private final SpanCapture capture;

	private CaptureHandler(AiSpan<C> kind, SpanCapture capture) {
		this.kind = kind;
		this.capture = capture;
	}

	/** Returns a handler for the calls of chat models. */
	public static CaptureHandler<?> chatModel(SpanCapture capture) {
		return new CaptureHandler<>(new ChatModelSpan(capture.names()), capture);
	}

	/** Returns a handler for the calls of embedding models. */
	public static CaptureHandler<?> embeddingModel(SpanCapture capture) {
		return new CaptureHandler<>(new EmbeddingModelSpan(), capture);
	}

	/** Returns a handler for the calls of tools. */
	public static CaptureHandler<?> tool(SpanCapture capture) {
		return new CaptureHandler<>(new ToolSpan(), capture);
	}

	/** Returns a handler for the calls of chat clients. */
	public static CaptureHandler<?> chatClient(SpanCapture capture) {
		return new CaptureHandler<>(new ChatClientSpan(), capture);
	}

	/** Returns a handler for advisors. */
	public static CaptureHandler<?> advisor(SpanCapture capture) {
		return new CaptureHandler<>(new AdvisorSpan(), capture);
	}

	/** Returns a handler for the operations of vector stores. */
	public static CaptureHandler<?> vectorStore(SpanCapture capture) {
		return new CaptureHandler<>(new VectorStoreSpan(), capture);
	}

	@Override
	public boolean supportsContext(Observation.Context context) {
		return this.kind.type().isInstance(context);
	}

	@Override
	public void onStart(C context) {
		this.capture.start(this.kind, context);
	}

	@Override
	public void onStop(C context) {
		this.capture.stop(this.kind, context);
	}

}
