package io.observatory.storage.sample.otlp;

import java.util.List;

import io.observatory.storage.llm.CallCost;
import io.observatory.storage.llm.PriceTable;
import io.observatory.storage.model.TraceSpan;
import io.observatory.storage.sample.mapping.Rejections;
import io.observatory.storage.sample.mapping.TraceMapping;
import io.observatory.storage.writer.TraceWriter;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;

import org.springframework.stereotype.Component;

/**
 * Takes the spans of a request.
 */
@Component
class TraceIntake {

	private final TraceWriter writer;

	private final CallCost callCost;

	TraceIntake(TraceWriter writer, PriceTable prices) {
		this.writer = writer;
		this.callCost = new CallCost(prices);
	}

	ExportTraceServiceResponse take(ExportTraceServiceRequest request) {
		Rejections rejections = new Rejections();
		List<TraceSpan> spans = TraceMapping.spans(request, this.callCost, rejections);
		ValidRecords.write(spans, this.writer::writeSpans, this.writer::check, rejections);
		return response(rejections);
	}

	private static ExportTraceServiceResponse response(Rejections rejections) {
		ExportTraceServiceResponse.Builder response = ExportTraceServiceResponse.newBuilder();
		if (!rejections.isEmpty()) {
			response.getPartialSuccessBuilder()
				.setRejectedSpans(rejections.count())
				.setErrorMessage(rejections.message());
		}
		return response.build();
	}

}
