package io.observatory.storage.sample.pages.trace;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.observatory.storage.sample.pages.trace.SpanTree.Node;
import org.jspecify.annotations.Nullable;

/**
 * The spans of a trace along its time, one page at a time, because thousands of spans are
 * slow in a browser.
 *
 * @param nodes all spans, in their order
 * @param start start of the first one
 * @param duration microseconds from there to the last end, at least 1
 * @param page number of this page, from 1
 * @param highest least depth of a span on this page
 */
record Waterfall(List<Node> nodes, Instant start, long duration, int page, int highest) {

	static final int PAGE = 500;

	/** With more levels there would be no room for the names. */
	static final int MAX_INDENT = 12;

	private static final int TICKS = 4;

	/**
	 * The page that shows a span, or the first.
	 * @param spans those of the trace, at least one
	 */
	static Waterfall of(List<SpanRow> spans, @Nullable Integer page, @Nullable String spanId) {
		List<Node> nodes = SpanTree.of(spans);
		Instant start = spans.stream().map(SpanRow::start).min(Comparator.naturalOrder()).orElseThrow();
		long duration = spans.stream().mapToLong((span) -> end(start, span)).max().orElse(0);
		int pages = (nodes.size() - 1) / PAGE + 1;
		int shown = Math.min(Math.max(1, (page != null) ? page : pageOf(nodes, spanId)), pages);
		int highest = nodes.stream().skip((shown - 1L) * PAGE).limit(PAGE).mapToInt(Node::depth).min().orElse(0);
		return new Waterfall(nodes, start, Math.max(1, duration), shown, highest);
	}

	private static int pageOf(List<Node> nodes, @Nullable String spanId) {
		for (int i = 0; i < nodes.size(); i++) {
			if (nodes.get(i).span().spanId().equals(spanId)) {
				return i / PAGE + 1;
			}
		}
		return 1;
	}

	/**
	 * Not computed in nanoseconds, which may overflow: a span may have any time.
	 */
	private static long micros(Instant from, Instant to) {
		return TimeUnit.MICROSECONDS.convert(Duration.between(from, to));
	}

	private static long end(Instant from, SpanRow span) {
		long offset = micros(from, span.start());
		return offset + Math.min(length(span), Long.MAX_VALUE - offset);
	}

	private static long length(SpanRow span) {
		return Objects.requireNonNullElse(span.duration(), 0L);
	}

	/**
	 * The spans of this page.
	 */
	public List<Node> shown() {
		return this.nodes.subList(first() - 1, last());
	}

	/**
	 * Number of the first span shown, from 1.
	 */
	public int first() {
		return (this.page - 1) * PAGE + 1;
	}

	public int last() {
		return Math.min(this.page * PAGE, this.nodes.size());
	}

	public int pages() {
		return (this.nodes.size() - 1) / PAGE + 1;
	}

	/**
	 * Where a span's bar begins, in percent of the width.
	 */
	public String x(SpanRow span) {
		return percent(Math.min(part(micros(this.start, span.start())), 99.6));
	}

	/**
	 * Its width, at least wide enough to be seen.
	 */
	public String width(SpanRow span) {
		return percent(Math.max(0.4, part(length(span))));
	}

	private double part(long micros) {
		return 100.0 * micros / this.duration;
	}

	private static String percent(double value) {
		return String.format(Locale.ROOT, "%.2f%%", value);
	}

	/**
	 * Microseconds from the start to a span's.
	 */
	public long offset(SpanRow span) {
		return micros(this.start, span.start());
	}

	/**
	 * The class that indents a span: by its depth below the highest one shown.
	 */
	public String indent(Node node) {
		return "d" + Math.min(node.depth() - this.highest, MAX_INDENT);
	}

	/**
	 * Whether it is deeper than its indent shows.
	 */
	public boolean isDeep(Node node) {
		return node.depth() - this.highest > MAX_INDENT;
	}

	/**
	 * Microseconds at the marks of the time axis.
	 */
	public List<Long> ticks() {
		return IntStream.range(0, TICKS).mapToObj((tick) -> this.duration * tick / TICKS).toList();
	}

	/**
	 * The types of the spans.
	 */
	public List<SpanType> types() {
		return Arrays.stream(SpanType.values())
			.filter((type) -> this.nodes.stream().anyMatch((node) -> node.span().type() == type))
			.toList();
	}

	public long failed() {
		return this.nodes.stream().filter((node) -> node.span().failed()).count();
	}

	/**
	 * The span that is opened first: the first call of a model, else the first span.
	 */
	String opened() {
		return shown().stream()
			.filter((node) -> node.span().type() == SpanType.LLM)
			.findFirst()
			.orElse(shown().get(0))
			.span()
			.spanId();
	}

}
