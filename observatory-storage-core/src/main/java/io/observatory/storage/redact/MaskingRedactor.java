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
import io.observatory.storage.model.Score;
import io.observatory.storage.model.SpanEvent;
import io.observatory.storage.model.SpanLink;
import io.observatory.storage.model.Trace;
import io.observatory.storage.model.TraceEvent;
import io.observatory.storage.model.TraceSpan;
import io.observatory.storage.redact.text.SecretNames;

/**
 * Masks what looks like a secret or is called like one in all texts of a record: names of
 * services, scopes, spans, events, metrics and scores, messages, bodies, descriptions,
 * units, labels, comments, and attributes however deep, keys included. Text that is JSON
 * is masked value by value, and is JSON of the same structure afterwards. Ids stay: two
 * that are masked would be one. Takes time in proportion to a text's length, and next to
 * no memory where nothing is masked. Masking what is masked changes nothing. Thread-safe.
 */
public final class MaskingRedactor implements Redactor {

	/** Names whose value is secret unless others are given. */
	public static final List<String> DEFAULT_NAMES = List.of("password", "passwords", "passwd", "pwd", "passphrase",
			"passcode", "pass", "secret", "secrets", "token", "access-tokens", "refresh-tokens", "api-key", "api-keys",
			"access-key", "secret-key", "secret-key-base", "private-key", "signing-key", "encryption-key", "master-key",
			"account-key", "subscription-key", "authorization", "cookie", "cookies", "credential", "credentials", "sig",
			"amz-signature", "goog-signature", "storepass", "keypass", "psk", "shared-key", "preshared-key",
			"functions-key", "auth-key", "identified-by", "password-by", "passwort", "kennwort", "mot-de-passe",
			"contraseña", "senha", "secure-string");

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
		String serviceName = this.masking.name(trace.serviceName());
		String statusMessage = this.masking.optionalText(trace.statusMessage());
		String rootSpanName = this.masking.optionalText(trace.rootSpanName());
		Map<String, ?> attributes = this.masking.attributes(trace.attributes());
		Map<String, ?> resource = this.masking.attributes(trace.resourceAttributes());
		if (serviceName == trace.serviceName() && statusMessage == trace.statusMessage()
				&& rootSpanName == trace.rootSpanName() && attributes == trace.attributes()
				&& resource == trace.resourceAttributes()) {
			return trace;
		}
		return trace.toBuilder()
			.serviceName(serviceName)
			.statusMessage(statusMessage)
			.rootSpanName(rootSpanName)
			.attributes(attributes)
			.resourceAttributes(resource)
			.build();
	}

	@Override
	public TraceSpan redact(TraceSpan span) {
		String name = this.masking.text(span.name());
		String serviceName = this.masking.name(span.serviceName());
		String statusMessage = this.masking.optionalText(span.statusMessage());
		Map<String, ?> attributes = this.masking.attributes(span.attributes());
		List<SpanEvent> events = Masking.each(span.events(), this::redact);
		List<SpanLink> links = Masking.each(span.links(), this::redact);
		if (name == span.name() && serviceName == span.serviceName() && statusMessage == span.statusMessage()
				&& attributes == span.attributes() && events == span.events() && links == span.links()) {
			return span;
		}
		return span.toBuilder()
			.name(name)
			.serviceName(serviceName)
			.statusMessage(statusMessage)
			.attributes(attributes)
			.events(events)
			.links(links)
			.build();
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
		return event.toBuilder().name(name).attributes(attributes).build();
	}

	@Override
	public Score redact(Score score) {
		String name = this.masking.text(score.name());
		// as where spans have them, among their attributes
		String conversationId = this.masking.optionalText(score.conversationId());
		String responseId = this.masking.optionalText(score.responseId());
		String label = this.masking.optionalText(score.label());
		String comment = this.masking.optionalText(score.comment());
		String serviceName = this.masking.name(score.serviceName());
		if (name == score.name() && conversationId == score.conversationId() && responseId == score.responseId()
				&& label == score.label() && comment == score.comment() && serviceName == score.serviceName()) {
			return score;
		}
		return score.toBuilder()
			.name(name)
			.conversationId(conversationId)
			.responseId(responseId)
			.label(label)
			.comment(comment)
			.serviceName(serviceName)
			.build();
	}

	@Override
	public Metric redact(Metric metric) {
		String name = this.masking.text(metric.name());
		String description = this.masking.optionalText(metric.description());
		String unit = this.masking.optionalText(metric.unit());
		String serviceName = this.masking.name(metric.serviceName());
		Map<String, ?> attributes = this.masking.attributes(metric.attributes());
		Map<String, ?> resource = this.masking.attributes(metric.resourceAttributes());
		if (name == metric.name() && description == metric.description() && unit == metric.unit()
				&& serviceName == metric.serviceName() && attributes == metric.attributes()
				&& resource == metric.resourceAttributes()) {
			return metric;
		}
		return metric.toBuilder()
			.name(name)
			.description(description)
			.unit(unit)
			.serviceName(serviceName)
			.attributes(attributes)
			.resourceAttributes(resource)
			.build();
	}

	@Override
	public MetricDataPoint redact(MetricDataPoint point) {
		String metricName = this.masking.text(point.metricName());
		String serviceName = this.masking.name(point.serviceName());
		List<Exemplar> exemplars = Masking.each(point.exemplars(), this::redact);
		Map<String, ?> attributes = this.masking.attributes(point.attributes());
		if (metricName == point.metricName() && serviceName == point.serviceName() && exemplars == point.exemplars()
				&& attributes == point.attributes()) {
			return point;
		}
		return point.toBuilder()
			.metricName(metricName)
			.serviceName(serviceName)
			.exemplars(exemplars)
			.attributes(attributes)
			.build();
	}

	private Exemplar redact(Exemplar exemplar) {
		Map<String, ?> attributes = this.masking.attributes(exemplar.attributes());
		return (attributes == exemplar.attributes()) ? exemplar : new Exemplar(exemplar.value(), exemplar.timestamp(),
				exemplar.traceId(), exemplar.spanId(), attributes);
	}

	@Override
	public LogRecord redact(LogRecord log) {
		String severityText = this.masking.optionalText(log.severityText());
		String body = this.masking.optionalText(log.body());
		String serviceName = this.masking.name(log.serviceName());
		Map<String, ?> attributes = this.masking.attributes(log.attributes());
		Map<String, ?> resource = this.masking.attributes(log.resourceAttributes());
		String scopeName = this.masking.optionalText(log.scopeName());
		String scopeVersion = this.masking.optionalText(log.scopeVersion());
		Map<String, ?> scope = this.masking.attributes(log.scopeAttributes());
		if (severityText == log.severityText() && body == log.body() && serviceName == log.serviceName()
				&& attributes == log.attributes() && resource == log.resourceAttributes()
				&& scopeName == log.scopeName() && scopeVersion == log.scopeVersion()
				&& scope == log.scopeAttributes()) {
			return log;
		}
		return log.toBuilder()
			.severityText(severityText)
			.body(body)
			.serviceName(serviceName)
			.attributes(attributes)
			.resourceAttributes(resource)
			.scopeName(scopeName)
			.scopeVersion(scopeVersion)
			.scopeAttributes(scope)
			.build();
	}

}
