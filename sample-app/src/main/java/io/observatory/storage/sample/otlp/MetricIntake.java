package io.observatory.storage.sample.otlp;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import io.observatory.storage.error.InvalidRecordException;
import io.observatory.storage.sample.mapping.MappedMetric;
import io.observatory.storage.sample.mapping.MetricMapping;
import io.observatory.storage.sample.mapping.Rejections;
import io.observatory.storage.writer.MetricWriter;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;

import org.springframework.stereotype.Component;

/**
 * Takes the metrics of a request and their data points. A bad metric takes its points
 * with it; OTLP counts points, not metrics.
 */
@Component
class MetricIntake {

	private final MetricWriter writer;

	MetricIntake(MetricWriter writer) {
		this.writer = writer;
	}

	ExportMetricsServiceResponse take(ExportMetricsServiceRequest request) {
		Rejections rejections = new Rejections();
		List<MappedMetric> metrics = MetricMapping.metrics(request, rejections);
		try {
			write(metrics);
		}
		catch (InvalidRecordException ex) {
			write(valid(metrics, rejections));
		}
		return response(rejections);
	}

	private void write(List<MappedMetric> metrics) {
		if (!metrics.isEmpty()) {
			this.writer.write(metrics.stream().map(MappedMetric::metric).toList(),
					metrics.stream().flatMap((metric) -> metric.points().stream()).toList());
		}
	}

	private List<MappedMetric> valid(List<MappedMetric> metrics, Rejections rejections) {
		List<MappedMetric> valid = new ArrayList<>(metrics.size());
		for (MappedMetric metric : metrics) {
			Optional<InvalidRecordException> problem = this.writer.check(metric.metric());
			problem.ifPresentOrElse((ex) -> rejections.add(metric.points().size(), String.valueOf(ex.getMessage())),
					() -> valid.add(withValidPoints(metric, rejections)));
		}
		return valid;
	}

	private MappedMetric withValidPoints(MappedMetric metric, Rejections rejections) {
		return new MappedMetric(metric.metric(), ValidRecords.valid(metric.points(), this.writer::check, rejections));
	}

	private static ExportMetricsServiceResponse response(Rejections rejections) {
		ExportMetricsServiceResponse.Builder response = ExportMetricsServiceResponse.newBuilder();
		if (!rejections.isEmpty()) {
			response.getPartialSuccessBuilder()
				.setRejectedDataPoints(rejections.count())
				.setErrorMessage(rejections.message());
		}
		return response.build();
	}

}
