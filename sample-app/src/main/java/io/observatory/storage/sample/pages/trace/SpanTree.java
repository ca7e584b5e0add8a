package io.observatory.storage.sample.pages.trace;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * The spans of a trace, each below its parent, in order of their start. Every span is in
 * it exactly once. A span whose parent is missing stands at the top, and so does one span
 * of each cycle.
 */
final class SpanTree {

	private static final Comparator<SpanRow> BY_START = Comparator.comparing(SpanRow::start)
		.thenComparing(SpanRow::spanId);

	private final Map<String, SpanRow> spans = new HashMap<>();

	private final Map<String, List<SpanRow>> children = new HashMap<>();

	private final Set<String> placed = new HashSet<>();

	private final List<Node> nodes = new ArrayList<>();

	private SpanTree(List<SpanRow> spans) {
		List<SpanRow> sorted = spans.stream().sorted(BY_START).toList();
		for (SpanRow span : sorted) {
			this.spans.put(span.spanId(), span);
		}
		for (SpanRow span : sorted) {
			String parent = span.parentSpanId();
			if (parent != null) {
				this.children.computeIfAbsent(parent, (id) -> new ArrayList<>()).add(span);
			}
		}
		sorted.stream().filter((span) -> parent(span) == null).forEach(this::placeTop);
		sorted.stream().filter((span) -> !this.placed.contains(span.spanId())).forEach(this::placeCircle);
	}

	/**
	 * Returns the spans in the order in which they are shown.
	 */
	static List<Node> of(List<SpanRow> spans) {
		return List.copyOf(new SpanTree(spans).nodes);
	}

	private void placeTop(SpanRow span) {
		place(span, (span.parentSpanId() != null) ? Mark.ORPHAN : Mark.NONE);
	}

	/**
	 * A span that cannot be reached from the top belongs to a cycle, which is opened at
	 * its earliest span.
	 */
	private void placeCircle(SpanRow span) {
		Set<SpanRow> seen = new HashSet<>();
		SpanRow onCircle = span;
		while (seen.add(onCircle)) {
			onCircle = Objects.requireNonNull(parent(onCircle), "what has no parent is placed before");
		}
		SpanRow earliest = onCircle;
		for (SpanRow next = parent(onCircle); next != null && next != onCircle; next = parent(next)) {
			earliest = (BY_START.compare(next, earliest) < 0) ? next : earliest;
		}
		place(earliest, Mark.CIRCLE);
	}

	private @Nullable SpanRow parent(SpanRow span) {
		return (span.parentSpanId() != null) ? this.spans.get(span.parentSpanId()) : null;
	}

	/** Without recursion: a chain may be as long as the trace. */
	private void place(SpanRow top, Mark mark) {
		Deque<Pending> pending = new ArrayDeque<>();
		pending.push(new Pending(top, 0, mark));
		while (!pending.isEmpty()) {
			Pending next = pending.pop();
			if (this.placed.add(next.span().spanId())) {
				List<SpanRow> below = this.children.getOrDefault(next.span().spanId(), List.of());
				boolean parent = below.stream().anyMatch((child) -> !this.placed.contains(child.spanId()));
				this.nodes.add(new Node(next.span(), next.depth(), parent, next.mark()));
				for (int i = below.size() - 1; i >= 0; i--) {
					pending.push(new Pending(below.get(i), next.depth() + 1, Mark.NONE));
				}
			}
		}
	}

	/**
	 * Why a span stands at the top although it names a parent.
	 */
	enum Mark {

		/** It names no parent, or is below it. */
		NONE,

		/** Its parent is not stored. */
		ORPHAN,

		/** It is its own ancestor. */
		CIRCLE

	}

	/**
	 * A span and its place.
	 *
	 * @param span the span
	 * @param depth the number of its ancestors
	 * @param parent whether spans are below it
	 * @param mark why it stands at the top although it names a parent
	 */
	record Node(SpanRow span, int depth, boolean parent, Mark mark) {
	}

	private record Pending(SpanRow span, int depth, Mark mark) {
	}

}
