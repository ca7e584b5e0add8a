package io.observatory.storage.sample.pages.overview;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.stream.Stream;

import io.observatory.storage.sample.pages.Format;
import io.observatory.storage.sample.pages.TimeRange;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * Assembles the overview of a period.
 */
@Component
class Overviews {

	private static final int EXAMPLES = 8;

	private static final Comparator<Call> BY_DURATION = Comparator.comparing(Call::duration,
			Comparator.nullsFirst(Comparator.naturalOrder()));

	private final RecentCalls recent;

	private final OverviewQueries queries;

	private final Format format;

	Overviews(RecentCalls recent, OverviewQueries queries, Format format) {
		this.recent = recent;
		this.queries = queries;
		this.format = format;
	}

	/**
	 * Returns the overview of a period, as far as it can be read soon.
	 * @param budget after which no further calls are read
	 */
	Overview of(TimeRange range, Duration budget) {
		TimeRange before = range.previous();
		RecentCalls.Found found = this.recent.find(before.from(), range.to(), budget);
		int past = RecentCalls.firstBefore(range.from(), found.calls());
		List<Call> calls = found.calls().subList(0, past);
		if (calls.isEmpty() && !found.more()) {
			return ofRequests(range);
		}
		Figures figuresBefore = found.since().isAfter(before.from()) ? Figures.NONE
				: CallFigures.all(found.calls().subList(past, found.calls().size()));
		return ofCalls(range, calls, figuresBefore).of(found.since().isAfter(range.from()) ? found.since() : null,
				found.more());
	}

	private Overview ofCalls(TimeRange range, List<Call> calls, Figures before) {
		List<Figures> figures = CallFigures.of(range, calls);
		Figures now = all(figures);
		List<Figures> models = groups(figures);
		OverviewCharts charts = charts(range, figures, models);
		return new Overview(true,
				List.of(count("Calls", now, before), errors(now, before), latency("p50", now.p50(), before.p50()),
						latency("p95", now.p95(), before.p95()), latency("p99", now.p99(), before.p99()),
						Tile.neutral("Tokens", this.format.brief(now.tokens()), now.tokens(), before.tokens()),
						Tile.neutral("Cost", this.format.cost(now.cost()), now.cost(), before.cost())),
				List.of(charts.count("Calls"), charts.latency(), charts.tokens(), charts.cost()), models,
				examples(slowest(calls)), examples(calls.stream().filter(Call::failed).limit(EXAMPLES)));
	}

	/** Does not sort all of them. */
	private static Stream<Call> slowest(List<Call> calls) {
		PriorityQueue<Call> slowest = new PriorityQueue<>(BY_DURATION);
		for (Call call : calls) {
			if (call.duration() != null
					&& (slowest.size() < EXAMPLES || BY_DURATION.compare(call, slowest.peek()) > 0)) {
				slowest.add(call);
			}
			if (slowest.size() > EXAMPLES) {
				slowest.poll();
			}
		}
		return slowest.stream().sorted(BY_DURATION.reversed());
	}

	private List<Example> examples(Stream<Call> calls) {
		return this.queries.examples(calls.toList());
	}

	private Overview ofRequests(TimeRange range) {
		List<Figures> figures = this.queries.requests(range);
		Figures now = all(figures);
		Figures before = this.queries.allRequests(range.previous());
		OverviewCharts charts = charts(range, figures, List.of());
		return new Overview(false,
				List.of(count("Requests", now, before), errors(now, before), latency("p50", now.p50(), before.p50()),
						latency("p95", now.p95(), before.p95()), latency("p99", now.p99(), before.p99())),
				List.of(charts.count("Requests"), charts.latency()), groups(figures),
				this.queries.slowestRequests(range, EXAMPLES), this.queries.latestFailedRequests(range, EXAMPLES));
	}

	private Tile count(String name, Figures now, Figures before) {
		return Tile.neutral(name, this.format.brief(now.calls()), now.calls(), before.calls());
	}

	private Tile errors(Figures now, Figures before) {
		return Tile.lessIsBetter("Errors", this.format.percent(now.errorRate()), now.errorRate(), before.errorRate())
			.noting(this.format.number(now.failed()) + " failed");
	}

	private Tile latency(String name, @Nullable Long now, @Nullable Long before) {
		return Tile.lessIsBetter("Latency " + name, this.format.duration(now), now, before);
	}

	private static OverviewCharts charts(TimeRange range, List<Figures> figures, List<Figures> groups) {
		return new OverviewCharts(range.buckets(), figures,
				groups.stream().map(Figures::group).filter(Objects::nonNull).toList());
	}

	private static Figures all(List<Figures> figures) {
		return figures.stream()
			.filter((one) -> one.bucket() == null && one.group() == null)
			.findFirst()
			.orElse(Figures.NONE);
	}

	private static List<Figures> groups(List<Figures> figures) {
		return figures.stream()
			.filter((one) -> one.bucket() == null && one.group() != null)
			.sorted(Overview.MOST_CALLS_FIRST)
			.toList();
	}

}
