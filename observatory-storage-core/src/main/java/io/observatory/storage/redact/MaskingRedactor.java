package io.observatory.storage.redact;

import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.observatory.storage.model.Exemplar;
import io.observatory.storage.model.LogRecord;
import io.observatory.storage.model.Metric;
import io.observatory.storage.model.MetricDataPoint;
import io.observatory.storage.model.Redactor;
import io.observatory.storage.model.SpanEvent;
import io.observatory.storage.model.SpanLink;
import io.observatory.storage.model.Trace;
import io.observatory.storage.model.TraceEvent;
import io.observatory.storage.model.TraceSpan;

/**
 * Masks what looks like a secret or is called like one in all texts of a record: names of
 * services, scopes, spans, events and metrics, messages, bodies, descriptions, units, and
 * attributes however deep, keys included. Text that is JSON is masked value by value, and
 * is JSON of the same structure afterwards. Ids stay: two that are masked would be one.
 * Takes time in proportion to a text's length, and next to no memory where nothing is
 * masked. Masking what is masked changes nothing. Immutable.
 */
public final class MaskingRedactor implements Redactor {

	/**
	 * Names whose value is secret unless others are given.
	 */
	public static final List<String> DEFAULT_NAMES = List.of("password", "passwords", "passwd", "pwd", "passphrase",
			"passcode", "pass", "secret", "secrets", "token", "access-tokens", "refresh-tokens", "api-key", "api-keys",
			"access-key", "secret-key", "secret-key-base", "private-key", "signing-key", "encryption-key", "master-key",
			"account-key", "subscription-key", "authorization", "cookie", "cookies", "credential", "credentials", "sig",
			"amz-signature", "goog-signature");

	private final Masking masking;

	/**
	 * Masks all kinds, and the values of {@link #DEFAULT_NAMES}.
	 */
	public MaskingRedactor() {
		this(EnumSet.allOf(SecretKind.class), DEFAULT_NAMES);
	}

	/**
	 * Masks some.
	 * @param kinds what to recognize by its look
	 * @param names names whose value is secret, of attributes and in text
	 * ({@code password=…}). A name is secret when its last words are one of these, upper
	 * and lower case and everything but letters and digits aside. A number is secret
	 * unless the name ends in {@code token}, {@code key}, {@code cookie},
	 * {@code credentials} or {@code authorization}, a flag never. {@code next_page_token}
	 * and others that say of a token that it is a piece of text or a place in a list are
	 * no secrets.
	 * @throws IllegalArgumentException when a name has neither letter nor digit
	 */
	public MaskingRedactor(Set<SecretKind> kinds, Collection<String> names) {
		this.masking = new Masking(kinds, new SecretNames(names));
	}

	@Override
	public Trace redact(Trace trace) {
		String service = this.masking.text(trace.serviceName());
		String message = this.masking.optionalText(trace.statusMessage());
		String root = this.masking.optionalText(trace.rootSpanName());
		Map<String, ?> attributes = this.masking.attributes(trace.attributes());
		Map<String, ?> resource = this.masking.attributes(trace.resourceAttributes());
		if (service == trace.serviceName() && message == trace.statusMessage() && root == trace.rootSpanName()
				&& attributes == trace.attributes() && resource == trace.resourceAttributes()) {
			return trace;
		}
		return new Trace(trace.traceId(), service, trace.startTime(), trace.endTime(), trace.durationUs(),
				trace.status(), message, root, attributes, resource);
	}

	@Override
	public TraceSpan redact(TraceSpan span) {
		String name = this.masking.text(span.name());
		String service = this.masking.text(span.serviceName());
		String message = this.masking.optionalText(span.statusMessage());
		Map<String, ?> attributes = this.masking.attributes(span.attributes());
		List<SpanEvent> events = Masking.each(span.events(), this::redact);
		List<SpanLink> links = Masking.each(span.links(), this::redact);
		if (name == span.name() && service == span.serviceName() && message == span.statusMessage()
				&& attributes == span.attributes() && events == span.events() && links == span.links()) {
			return span;
		}
		return new TraceSpan(span.traceId(), span.spanId(), span.parentSpanId(), name, span.kind(), service,
				span.startTime(), span.endTime(), span.durationUs(), span.status(), message, attributes, events, links);
	}

	private SpanEvent redact(SpanEvent event) {
		String name = this.masking.text(event.name());
		Map<String, ?> attributes = this.masking.attributes(event.attributes());
		boolean unchanged = name == event.name() && attributes == event.attributes();
		return unchanged ? event : new SpanEvent(name, event.timestamp(), attributes);
	}

	private SpanLink redact(SpanLink link) {
		Map<String, ?> attributes = this.masking.attributes(link.attributes());
		return (attributes == link.attributes()) ? link : new SpanLink(link.traceId(), link.spanId(), attributes);
	}

	@Override
	public TraceEvent redact(TraceEvent event) {
		String name = this.masking.text(event.name());
		Map<String, ?> attributes = this.masking.attributes(event.attributes());
		if (name == event.name() && attributes == event.attributes()) {
			return event;
		}
		return new TraceEvent(event.id(), event.traceId(), event.spanId(), name, event.timestamp(), attributes);
	}

	@Override
	public Metric redact(Metric metric) {
		String name = this.masking.text(metric.name());
		String description = this.masking.optionalText(metric.description());
		String unit = this.masking.optionalText(metric.unit());
		String service = this.masking.text(metric.serviceName());
		Map<String, ?> attributes = this.masking.attributes(metric.attributes());
		Map<String, ?> resource = this.masking.attributes(metric.resourceAttributes());
		if (name == metric.name() && description == metric.description() && unit == metric.unit()
				&& service == metric.serviceName() && attributes == metric.attributes()
				&& resource == metric.resourceAttributes()) {
			return metric;
		}
		return new Metric(name, description, unit, metric.type(), service, attributes, resource, metric.stream());
	}

	@Override
	public MetricDataPoint redact(MetricDataPoint point) {
		String metric = this.masking.text(point.metricName());
		String service = this.masking.text(point.serviceName());
		Map<String, ?> attributes = this.masking.attributes(point.attributes());
		List<Exemplar> exemplars = Masking.each(point.exemplars(), this::redact);
		if (metric == point.metricName() && service == point.serviceName() && attributes == point.attributes()
				&& exemplars == point.exemplars()) {
			return point;
		}
		return new MetricDataPoint(point.id(), metric, service, point.timestamp(), point.value(), point.count(),
				point.sum(), point.min(), point.max(), point.buckets(), point.quantiles(), exemplars, attributes,
				point.stream());
	}

	private Exemplar redact(Exemplar exemplar) {
		Map<String, ?> attributes = this.masking.attributes(exemplar.attributes());
		return (attributes == exemplar.attributes()) ? exemplar : new Exemplar(exemplar.value(), exemplar.timestamp(),
				exemplar.traceId(), exemplar.spanId(), attributes);
	}

	@Override
	public LogRecord redact(LogRecord log) {
		String severity = this.masking.optionalText(log.severityText());
		String body = this.masking.optionalText(log.body());
		String service = this.masking.text(log.serviceName());
		String scopeName = this.masking.optionalText(log.scopeName());
		String scopeVersion = this.masking.optionalText(log.scopeVersion());
		Map<String, ?> attributes = this.masking.attributes(log.attributes());
		Map<String, ?> resource = this.masking.attributes(log.resourceAttributes());
		Map<String, ?> scope = this.masking.attributes(log.scopeAttributes());
		if (severity == log.severityText() && body == log.body() && service == log.serviceName()
				&& scopeName == log.scopeName() && scopeVersion == log.scopeVersion() && attributes == log.attributes()
				&& resource == log.resourceAttributes() && scope == log.scopeAttributes()) {
			return log;
		}
		return new LogRecord(log.id(), log.timestamp(), log.observedTimestamp(), log.severityNumber(), severity, body,
				service, log.traceId(), log.spanId(), log.traceFlags(), attributes, resource, scopeName, scopeVersion,
				scope);
	}

}
