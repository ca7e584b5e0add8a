package io.observatory.storage.capture.opentelemetry;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

import io.observatory.storage.capture.EvaluationResult;
import io.observatory.storage.capture.TraceSampling;
import io.observatory.storage.llm.dialect.Dialects;
import io.observatory.storage.llm.price.CallCost;
import io.observatory.storage.llm.price.PriceList;
import io.observatory.storage.llm.price.PriceTable;
import io.observatory.storage.model.Score;
import io.observatory.storage.model.TraceSpan;
import io.observatory.storage.writer.TraceWriter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import org.jspecify.annotations.Nullable;

/**
 * Exports spans into a {@link TraceWriter}. What is about GenAI is there under the newest
 * names, too, in whichever dialect it was sent ({@link Dialects}), a call of a model with
 * its cost. Evaluations among the events are stored as scores, too
 * ({@link EvaluationResult}).
 * <p>
 * {@code export} never waits. It succeeds when the writer accepted the spans, and fails
 * when the writer is closed or its buffer is full (the writer counts them as dropped).
 * {@code flush} and {@code shutdown} succeed when everything that was exported before is
 * committed, and fail when the writer's {@code flush()} would; the writer itself stays
 * open. Thread-safe.
 */
public final class ObservatorySpanExporter extends WriterExporter<TraceWriter> implements SpanExporter {

	private final TraceSampling sampling;

	private final boolean content;

	private final CallCost callCost;

	/**
	 * Creates an exporter that leaves out what people, models and tools said, and prices
	 * calls of models by {@link PriceList#builtIn()}.
	 */
	public ObservatorySpanExporter(TraceWriter writer, TraceSampling sampling) {
		this(() -> writer, sampling, false, PriceList.builtIn());
	}

	/**
	 * Creates an exporter whose writer may not exist yet.
	 * @param writer the writer, or null, and then every export fails
	 * @param sampling says which traces are stored
	 * @param content whether to store what people, models and tools said
	 * @param prices what calls of models cost that do not say it
	 */
	public ObservatorySpanExporter(Supplier<@Nullable TraceWriter> writer, TraceSampling sampling, boolean content,
			PriceTable prices) {
		super(writer);
		this.sampling = sampling;
		this.content = content;
		this.callCost = new CallCost(prices);
	}

	@Override
	public CompletableResultCode export(Collection<SpanData> spans) {
		return offer((writer) -> {
			List<TraceSpan> mapped = SpanMapping.spans(spans.stream().filter(this::isKept).toList());
			mapped.replaceAll(this::understood);
			List<Score> scores = new ArrayList<>();
			mapped.forEach((span) -> scores.addAll(EvaluationResult.in(span)));
			return offerValid(mapped, scores, writer::offer, writer::check, writer::check);
		});
	}

	private TraceSpan understood(TraceSpan span) {
		TraceSpan understood = this.callCost.priceInPlace(Dialects.normalizeInPlace(span));
		return this.content ? understood : ContentRemoval.from(understood);
	}

	private boolean isKept(SpanData span) {
		return span.getSpanContext().isValid() && this.sampling.keeps(span.getTraceId());
	}

}
