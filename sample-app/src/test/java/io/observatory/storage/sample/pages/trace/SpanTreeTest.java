package io.observatory.storage.sample.pages.trace;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import io.observatory.storage.sample.pages.trace.SpanTree.Mark;
import io.observatory.storage.sample.pages.trace.SpanTree.Node;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SpanTreeTest {

	@Test
	void spansStandBelowTheirParentsInOrderOfTheirStart() {
		assertThat(shown(span("late", "root", 3), span("root", null, 0), span("leaf", "early", 2),
				span("early", "root", 1)))
			.containsExactly("0 root NONE", "1 early NONE", "2 leaf NONE", "1 late NONE");
	}

	@Test
	void whatHasNoParentStoredStandsAtTheTopWithAMark() {
		assertThat(shown(span("root", null, 1), span("orphan", "elsewhere", 0), span("below", "orphan", 2)))
			.containsExactly("0 orphan ORPHAN", "1 below NONE", "0 root NONE");
	}

	@Test
	void circlesAreOpenedAtTheirEarliestSpan() {
		assertThat(shown(span("c", "b", 3), span("b", "a", 2), span("a", "c", 1), span("below", "c", 0),
				span("self", "self", 5)))
			.containsExactly("0 a CIRCLE", "1 b NONE", "2 c NONE", "3 below NONE", "0 self CIRCLE");
	}

	@Test
	void aChainOfFiveThousandIsNoDeeperThanTheStack() {
		List<SpanRow> chain = IntStream.range(0, 5_000)
			.mapToObj((i) -> span("s" + i, (i > 0) ? "s" + (i - 1) : null, i))
			.toList();
		List<Node> nodes = SpanTree.of(chain);
		assertThat(nodes).hasSize(5_000);
		assertThat(nodes.get(4_999).depth()).isEqualTo(4_999);
		assertThat(nodes).filteredOn(Node::parent).hasSize(4_999);
	}

	@Property
	void everySpanIsThereOnceBelowItsParentOrMarked(@ForAll("parents") List<Integer> parents) {
		List<SpanRow> spans = new ArrayList<>();
		for (int i = 0; i < parents.size(); i++) {
			// -1 is no parent; a number beyond the last is one that is not stored
			int parent = parents.get(i);
			spans.add(span("s" + i, (parent >= 0) ? "s" + parent : null, (i * 7) % 5));
		}
		List<Node> nodes = SpanTree.of(spans);

		assertThat(nodes).extracting((node) -> node.span().spanId())
			.containsExactlyInAnyOrderElementsOf(spans.stream().map(SpanRow::spanId).toList());
		Map<Integer, String> path = new HashMap<>();
		for (Node node : nodes) {
			String parent = node.span().parentSpanId();
			boolean stored = spans.stream().anyMatch((span) -> span.spanId().equals(parent));
			if (node.depth() > 0) {
				assertThat(path.get(node.depth() - 1)).isEqualTo(parent);
				assertThat(node.mark()).isEqualTo(Mark.NONE);
			}
			else {
				assertThat(node.mark()).isEqualTo((parent == null) ? Mark.NONE : stored ? Mark.CIRCLE : Mark.ORPHAN);
			}
			path.put(node.depth(), node.span().spanId());
		}
		for (int i = 0; i < nodes.size(); i++) {
			boolean below = i + 1 < nodes.size() && nodes.get(i + 1).depth() > nodes.get(i).depth();
			assertThat(nodes.get(i).parent()).isEqualTo(below);
		}
	}

	@Provide
	Arbitrary<List<Integer>> parents() {
		return Arbitraries.integers().between(-1, 12).list().ofMinSize(1).ofMaxSize(12);
	}

	private static List<String> shown(SpanRow... spans) {
		return SpanTree.of(List.of(spans))
			.stream()
			.map((node) -> node.depth() + " " + node.span().spanId() + " " + node.mark())
			.toList();
	}

	private static SpanRow span(String id, @Nullable String parent, int start) {
		return new SpanRow(id, parent, id, "service", SpanType.INTERNAL, Instant.ofEpochSecond(start), 1L, false);
	}

}
