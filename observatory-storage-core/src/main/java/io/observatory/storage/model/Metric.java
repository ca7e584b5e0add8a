package io.observatory.storage.model;

import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * The description of a metric. Data points refer to it by name and service, or by its
 * stream if it has one. When it is written again, the newer description, unit, type and
 * attributes replace the older.
 *
 * @param name The metric's name, at most 255 characters.
 * @param description What it measures.
 * @param unit Its unit, preferably as a UCUM code, at most 255 characters.
 * @param type What its points mean.
 * @param serviceName The service that it is measured in, at most 255 characters.
 * @param attributes The attributes: strings, numbers, booleans, and lists, arrays and
 * maps of these.
 * @param resourceAttributes What produced the record, as OpenTelemetry's resource
 * attributes.
 * @param stream The id of its stream ({@link Ids#metricStream}), which distinguishes it
 * from other metrics with the same name and service, for instance those of another
 * instance; or null.
 */
public record Metric(String name, @Nullable String description, @Nullable String unit, MetricType type,
		String serviceName, Map<String, ?> attributes, Map<String, ?> resourceAttributes, @Nullable UUID stream) {

	public static Builder builder() {
		return new Builder();
	}

	/** Returns a builder with the values of this record. */
	public Builder toBuilder() {
		return builder().name(this.name)
			.description(this.description)
			.unit(this.unit)
			.type(this.type)
			.serviceName(this.serviceName)
			.attributes(this.attributes)
			.resourceAttributes(this.resourceAttributes)
			.stream(this.stream);
	}

	/** Returns the id of the metric's row. */
	public UUID id() {
		return (this.stream != null) ? this.stream : Ids.metric(this.name, this.serviceName);
	}

	@Override
	public String toString() {
		return "Metric[name=" + this.name + ", serviceName=" + this.serviceName + "]";
	}

	/**
	 * Builds a {@link Metric}; each method sets what the record has by its name. Not
	 * thread-safe; may be reused.
	 */
	public static final class Builder {

		private @Nullable String name;

		private @Nullable String description;

		private @Nullable String unit;

		private @Nullable MetricType type;

		private @Nullable String serviceName;

		private Map<String, ?> attributes = Map.of();

		private Map<String, ?> resourceAttributes = Map.of();

		private @Nullable UUID stream;

		private Builder() {
		}

		public Builder name(String name) {
			this.name = name;
			return this;
		}

		public Builder description(@Nullable String description) {
			this.description = description;
			return this;
		}

		public Builder unit(@Nullable String unit) {
			this.unit = unit;
			return this;
		}

		public Builder type(MetricType type) {
			this.type = type;
			return this;
		}

		public Builder serviceName(String serviceName) {
			this.serviceName = serviceName;
			return this;
		}

		public Builder attributes(Map<String, ?> attributes) {
			this.attributes = attributes;
			return this;
		}

		public Builder resourceAttributes(Map<String, ?> resourceAttributes) {
			this.resourceAttributes = resourceAttributes;
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
		public Metric build() {
			return new Metric(Check.required(this.name, "Metric", "name"), this.description, this.unit,
					Check.required(this.type, "Metric", "type"),
					Check.required(this.serviceName, "Metric", "serviceName"), this.attributes, this.resourceAttributes,
					this.stream);
		}

	}

}
