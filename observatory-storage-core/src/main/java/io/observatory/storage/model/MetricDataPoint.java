package io.observatory.storage.model;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * One point of a metric. The {@link Metric} may be written later. Which of value, count,
 * sum, buckets and quantiles are set depends on the type of the metric.
 * {@code toString()} shows only the id and the metric.
 *
 * @param id The row's id, a UUIDv7 unless set.
 * @param metricName The metric's name.
 * @param serviceName The metric's service.
 * @param timestamp When it was measured.
 * @param value The value of a counter or gauge; NaN and infinities are stored as they
 * are.
 * @param count How many values a histogram or summary has seen.
 * @param sum The sum of these values.
 * @param min The smallest of them.
 * @param max The largest of them.
 * @param buckets The buckets of a histogram.
 * @param quantiles The quantiles of a summary.
 * @param exemplars Examples of measured values, with the trace they come from.
 * @param attributes The attributes: strings, numbers, booleans, and lists, arrays and
 * maps of these.
 * @param stream The id of the metric's stream, if it has one. The point then belongs to
 * that stream, not to the metric with its name and service.
 */
public record MetricDataPoint(UUID id, String metricName, String serviceName, Instant timestamp, @Nullable Double value,
		@Nullable Long count, @Nullable Double sum, @Nullable Double min, @Nullable Double max, List<Bucket> buckets,
		List<Quantile> quantiles, List<Exemplar> exemplars, Map<String, ?> attributes, @Nullable UUID stream) {

	public static Builder builder() {
		return new Builder();
	}

	/** Returns a builder with the values of this record. */
	public Builder toBuilder() {
		return builder().id(this.id)
			.metricName(this.metricName)
			.serviceName(this.serviceName)
			.timestamp(this.timestamp)
			.value(this.value)
			.count(this.count)
			.sum(this.sum)
			.min(this.min)
			.max(this.max)
			.buckets(this.buckets)
			.quantiles(this.quantiles)
			.exemplars(this.exemplars)
			.attributes(this.attributes)
			.stream(this.stream);
	}

	/** Returns the id of the metric's row. */
	public UUID metricId() {
		return (this.stream != null) ? this.stream : Ids.metric(this.metricName, this.serviceName);
	}

	@Override
	public String toString() {
		return "MetricDataPoint[id=" + this.id + ", metricName=" + this.metricName + "]";
	}

	/**
	 * Builds a {@link MetricDataPoint}; each method sets what the record has by its name.
	 * Not thread-safe; may be reused.
	 */
	public static final class Builder {

		private @Nullable UUID id;

		private @Nullable String metricName;

		private @Nullable String serviceName;

		private @Nullable Instant timestamp;

		private @Nullable Double value;

		private @Nullable Long count;

		private @Nullable Double sum;

		private @Nullable Double min;

		private @Nullable Double max;

		private List<Bucket> buckets = List.of();

		private List<Quantile> quantiles = List.of();

		private List<Exemplar> exemplars = List.of();

		private Map<String, ?> attributes = Map.of();

		private @Nullable UUID stream;

		private Builder() {
		}

		public Builder id(UUID id) {
			this.id = id;
			return this;
		}

		public Builder metric(Metric metric) {
			this.stream = metric.stream();
			return metricName(metric.name()).serviceName(metric.serviceName());
		}

		public Builder metricName(String metricName) {
			this.metricName = metricName;
			return this;
		}

		public Builder serviceName(String serviceName) {
			this.serviceName = serviceName;
			return this;
		}

		public Builder timestamp(Instant timestamp) {
			this.timestamp = timestamp;
			return this;
		}

		public Builder value(@Nullable Double value) {
			this.value = value;
			return this;
		}

		public Builder count(@Nullable Long count) {
			this.count = count;
			return this;
		}

		public Builder sum(@Nullable Double sum) {
			this.sum = sum;
			return this;
		}

		public Builder min(@Nullable Double min) {
			this.min = min;
			return this;
		}

		public Builder max(@Nullable Double max) {
			this.max = max;
			return this;
		}

		public Builder buckets(List<Bucket> buckets) {
			this.buckets = buckets;
			return this;
		}

		public Builder quantiles(List<Quantile> quantiles) {
			this.quantiles = quantiles;
			return this;
		}

		public Builder exemplars(List<Exemplar> exemplars) {
			this.exemplars = exemplars;
			return this;
		}

		public Builder attributes(Map<String, ?> attributes) {
			this.attributes = attributes;
			return this;
		}

		public Builder stream(@Nullable UUID stream) {
			this.stream = stream;
			return this;
		}

		/**
		 * Returns the record.
		 * @throws NullPointerException when a required field was not set, naming it
		 */
		public MetricDataPoint build() {
			return new MetricDataPoint((this.id != null) ? this.id : Ids.next(),
					Check.required(this.metricName, "MetricDataPoint", "metricName"),
					Check.required(this.serviceName, "MetricDataPoint", "serviceName"),
					Check.required(this.timestamp, "MetricDataPoint", "timestamp"), this.value, this.count, this.sum,
					this.min, this.max, this.buckets, this.quantiles, this.exemplars, this.attributes, this.stream);
		}

	}

}
