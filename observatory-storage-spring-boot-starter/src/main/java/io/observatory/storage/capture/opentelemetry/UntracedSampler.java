package io.observatory.storage.capture.opentelemetry;

import java.util.List;

import io.observatory.storage.session.Untraced;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingResult;

/**
 * Drops the spans of this library's own work: a traced DataSource would create a span for
 * each flush. The application's sampler decides about all others.
 */
public final class UntracedSampler implements Sampler {

	private final Sampler others;

	public UntracedSampler(Sampler others) {
		this.others = others;
	}

	@Override
	public SamplingResult shouldSample(Context parent, String traceId, String name, SpanKind kind,
			Attributes attributes, List<LinkData> parentLinks) {
		return Untraced.isCurrent() ? SamplingResult.drop()
				: this.others.shouldSample(parent, traceId, name, kind, attributes, parentLinks);
	}

	@Override
	public String getDescription() {
		return this.others.getDescription();
	}

}
