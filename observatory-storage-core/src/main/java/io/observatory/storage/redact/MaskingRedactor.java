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

	/** Names whose value is secret unless others are given. */
	public static final List<String> DEFAULT_NAMES = List.of("password", "passwords", "passwd", "pwd", "passphrase",
			"passcode", "pass", "secret", "secrets", "token", "access-tokens", "refresh-tokens", "api-key", "api-keys",
			"access-key", "secret-key", "secret-key-base", "private-key", "signing-key", "encryption-key", "master-key",
			"account-key", "subscription-key", "authorization", "cookie", "cookies", "credential", "credentials", "sig",
			"amz-signature", "goog-signature");

	private final Masking masking;

	/** Masks all kinds, and the values of {@link #DEFAULT_NAMES}. */
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
		Trace masked = trace.toBuilder()
			.serviceName(this.masking.text(trace.serviceName()))
			.statusMessage(this.masking.optionalText(trace.statusMessage()))
			.rootSpanName(this.masking.optionalText(trace.rootSpanName()))
			.attributes(this.masking.attributes(trace.attributes()))
			.resourceAttributes(this.masking.attributes(trace.resourceAttributes()))
			.build();
		return masked.equals(trace) ? trace : masked;
	}

	@Override
	public TraceSpan redact(TraceSpan span) {
		TraceSpan masked = span.toBuilder()
			.name(this.masking.text(span.name()))
			.serviceName(this.masking.text(span.serviceName()))
			.statusMessage(this.masking.optionalText(span.statusMessage()))
			.attributes(this.masking.attributes(span.attributes()))
			.events(Masking.each(span.events(), this::redact))
			.links(Masking.each(span.links(), this::redact))
			.build();
		return masked.equals(span) ? span : masked;
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
		TraceEvent masked = event.toBuilder()
			.name(this.masking.text(event.name()))
			.attributes(this.masking.attributes(event.attributes()))
			.build();
		return masked.equals(event) ? event : masked;
	}

	@Override
	public Metric redact(Metric metric) {
		Metric masked = metric.toBuilder()
			.name(this.masking.text(metric.name()))
			.description(this.masking.optionalText(metric.description()))
			.unit(this.masking.optionalText(metric.unit()))
			.serviceName(this.masking.text(metric.serviceName()))
			.attributes(this.masking.attributes(metric.attributes()))
			.resourceAttributes(this.masking.attributes(metric.resourceAttributes()))
			.build();
		return masked.equals(metric) ? metric : masked;
	}

	@Override
	public MetricDataPoint redact(MetricDataPoint point) {
		MetricDataPoint masked = point.toBuilder()
			.metricName(this.masking.text(point.metricName()))
			.serviceName(this.masking.text(point.serviceName()))
			.exemplars(Masking.each(point.exemplars(), this::redact))
			.attributes(this.masking.attributes(point.attributes()))
			.build();
		return masked.equals(point) ? point : masked;
	}

	private Exemplar redact(Exemplar exemplar) {
		Map<String, ?> attributes = this.masking.attributes(exemplar.attributes());
		return (attributes == exemplar.attributes()) ? exemplar : new Exemplar(exemplar.value(), exemplar.timestamp(),
				exemplar.traceId(), exemplar.spanId(), attributes);
	}

	@Override
	public LogRecord redact(LogRecord log) {
		LogRecord masked = log.toBuilder()
			.severityText(this.masking.optionalText(log.severityText()))
			.body(this.masking.optionalText(log.body()))
			.serviceName(this.masking.text(log.serviceName()))
			.attributes(this.masking.attributes(log.attributes()))
			.resourceAttributes(this.masking.attributes(log.resourceAttributes()))
			.scopeName(this.masking.optionalText(log.scopeName()))
			.scopeVersion(this.masking.optionalText(log.scopeVersion()))
			.scopeAttributes(this.masking.attributes(log.scopeAttributes()))
			.build();
		return masked.equals(log) ? log : masked;
	}

}
