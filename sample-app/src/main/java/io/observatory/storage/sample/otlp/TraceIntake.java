package io.observatory.storage.sample.otlp;

import java.time.Clock;

import io.observatory.storage.capture.EvaluationResult;
import io.observatory.storage.llm.dialect.Dialects;
import io.observatory.storage.llm.price.CallCost;
import io.observatory.storage.llm.price.PriceTable;
import io.observatory.storage.model.TraceSpan;
import io.observatory.storage.sample.intake.MemoryLease;
import io.observatory.storage.sample.mapping.Origin;
import io.observatory.storage.sample.mapping.TraceMapping;
import io.observatory.storage.writer.ScoredBatch;
import io.observatory.storage.writer.TraceWriter;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;

import org.springframework.stereotype.Component;

/**
 * Takes spans, and the evaluations among their events.
 */
@Component
class TraceIntake extends SignalIntake<ScoredBatch<TraceSpan>> {

	private final TraceWriter writer;

	private final CallCost callCost;

	TraceIntake(TraceWriter writer, PriceTable prices, Clock clock) {
		super(Signal.TRACES, writer, clock);
		this.writer = writer;
		this.callCost = new CallCost(prices);
	}

	@Override
	ScoredBatch<TraceSpan> newBatch() {
		return this.writer.newSpanBatch();
	}

	@Override
	String schemaUrl(EncodedMessage scopes, MemoryLease lease) {
		return scopes.decode(ScopeSpans.getDefaultInstance(), lease).getSchemaUrl();
	}

	@Override
	void read(EncodedMessage record, Origin origin, Reading reading) {
		reading.rows().add(1, () -> {
			Span decoded = record.decode(Span.getDefaultInstance(), reading.lease());
			TraceSpan span = this.callCost.priceInPlace(Dialects.normalizeInPlace(TraceMapping.span(decoded, origin)));
			reading.rows()
				.put(() -> reading.batch().add(span),
						() -> tooOld("Span.start_time_unix_nano", span.startTime(), reading.receivedAt()));
			EvaluationResult.in(span).forEach((score) -> reading.rows().putBeside(() -> reading.batch().add(score)));
		});
	}

}
