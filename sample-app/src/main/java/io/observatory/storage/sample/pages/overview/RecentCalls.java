package io.observatory.storage.sample.pages.overview;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;

import io.observatory.storage.sample.pages.StepSize;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Remembers the calls of the periods that were viewed. Reading a call takes up to 80
 * microseconds, which is too long for a week of calls.
 * <p>
 * Time is cut into slices of a minute. Missing ones are read from the newest to the
 * oldest, some hundred calls at a time, until the budget is used up; the next request
 * continues. A slice is read again when its end is a quarter longer ago than at the last
 * reading, so a call that is stored late appears late, by at most a quarter of that time.
 * The current slice is read again each time. Thread-safe; several threads may read the
 * same slice.
 */
@Component
class RecentCalls {

	/** Most calls (and slices) that are remembered and added up, about 150 bytes each. */
	static final int MAX_CALLS = 300_000;

	static final Duration SLICE = Duration.ofMinutes(1);

	private final Source source;

	private final Clock clock;

	private final int maxCalls;

	private final NavigableMap<Instant, Slice> slices = new ConcurrentSkipListMap<>();

	@Autowired
	RecentCalls(OverviewQueries queries, Clock clock) {
		this(queries::calls, clock, MAX_CALLS);
	}

	RecentCalls(Source source, Clock clock, int maxCalls) {
		this.source = source;
		this.clock = clock;
		this.maxCalls = maxCalls;
	}

	/**
	 * Reads calls.
	 */
	@FunctionalInterface
	interface Source {

		/**
		 * The latest calls that started before an instant and not before another, the
		 * latest first, and all that started with the last of these.
		 */
		List<Call> latest(Instant from, Instant before, int atLeast);

	}

	/**
	 * Calls of a time.
	 *
	 * @param calls the calls since an instant, the latest first
	 * @param since that instant: the requested start, or later
	 * @param more whether another request will get further
	 */
	record Found(List<Call> calls, Instant since, boolean more) {
	}

	/**
	 * Returns calls of a time, reading at least some of them if any are missing.
	 * @param budget after which no further reading is begun
	 */
	Found find(Instant from, Instant to, Duration budget) {
		StepSize pace = new StepSize(budget);
		Instant oldest = sliceOf(from);
		Instant newest = sliceOf(to.minusNanos(1));
		Instant now = this.clock.instant();
		Gap gap = gap(oldest, newest, now);
		int atLeast = pace.next();
		while (gap != null && atLeast > 0) {
			fill(gap, now, atLeast);
			forget(oldest, newest);
			gap = gap(oldest, newest, now);
			atLeast = pace.next();
		}
		return collect(from, to, gap != null);
	}

	private static Instant sliceOf(Instant time) {
		return Instant.ofEpochSecond(Math.floorDiv(time.getEpochSecond(), SLICE.toSeconds()) * SLICE.toSeconds());
	}

	/** The newest consecutive slices that have to be read, or the rest of one. */
	private @Nullable Gap gap(Instant oldest, Instant newest, Instant now) {
		Instant before = null;
		int weight = 0;
		for (Instant start = newest; !start.isBefore(oldest) && weight < this.maxCalls; start = start.minus(SLICE)) {
			Slice slice = this.slices.get(start);
			boolean isPart = slice != null && slice.since().isAfter(start);
			boolean toRead = slice == null || (!isPart && slice.isOutdated(start, now));
			if (before != null && !toRead) {
				return new Gap(start.plus(SLICE), before);
			}
			if (before == null && toRead) {
				before = start.plus(SLICE);
			}
			if (slice != null && !toRead) {
				weight += slice.weight();
				if (isPart) {
					return (weight < this.maxCalls) ? new Gap(start, slice.since()) : null;
				}
			}
		}
		return (before != null) ? new Gap(oldest, before) : null;
	}

	private void fill(Gap gap, Instant now, int atLeast) {
		List<Call> calls = this.source.latest(gap.from(), gap.before(), atLeast);
		Instant reached = (calls.size() < atLeast) ? gap.from() : calls.get(calls.size() - 1).start();
		int next = 0;
		for (Instant start = sliceOf(gap.before().minusNanos(1)); start.plus(SLICE).isAfter(reached)
				&& !start.isBefore(gap.from()); start = start.minus(SLICE)) {
			int first = next;
			while (next < calls.size() && !calls.get(next).start().isBefore(start)) {
				next++;
			}
			Instant since = reached.isAfter(start) ? reached : start;
			Slice read = new Slice(List.copyOf(calls.subList(first, next)), since, now);
			if (gap.before().isBefore(start.plus(SLICE))) {
				addRest(start, gap.before(), read);
			}
			else {
				this.slices.put(start, read);
			}
		}
	}

	/** Adds to a slice, unless another thread has done so or it was removed. */
	private void addRest(Instant start, Instant since, Slice rest) {
		this.slices.computeIfPresent(start, (key, newer) -> newer.since().equals(since) ? newer.plus(rest) : newer);
	}

	/** First those that are not requested now, then the oldest. */
	private void forget(Instant oldest, Instant newest) {
		int weight = this.slices.values().stream().mapToInt(Slice::weight).sum();
		Map.Entry<Instant, Slice> next = leastWanted(oldest, newest);
		while (next != null && weight - next.getValue().weight() >= this.maxCalls) {
			this.slices.remove(next.getKey());
			weight -= next.getValue().weight();
			next = leastWanted(oldest, newest);
		}
	}

	private Map.@Nullable Entry<Instant, Slice> leastWanted(Instant oldest, Instant newest) {
		Map.Entry<Instant, Slice> first = this.slices.firstEntry();
		Map.Entry<Instant, Slice> last = this.slices.lastEntry();
		boolean isFirst = first == null || last == null || first.getKey().isBefore(oldest)
				|| !last.getKey().isAfter(newest);
		return isFirst ? first : last;
	}

	private Found collect(Instant from, Instant to, boolean more) {
		List<Call> calls = new ArrayList<>();
		Instant since = to;
		int weight = 0;
		for (Instant start = sliceOf(to.minusNanos(1)); since.isAfter(from)
				&& weight < this.maxCalls; start = start.minus(SLICE)) {
			Slice slice = this.slices.get(start);
			if (slice == null) {
				break;
			}
			weight += slice.weight();
			calls.addAll(slice.calls());
			since = slice.since();
			if (since.isAfter(start)) {
				break;
			}
		}
		// only the first and the last slice have calls outside of the period
		return new Found(calls.subList(firstBefore(to, calls), firstBefore(from, calls)),
				since.isAfter(from) ? since : from, more);
	}

	/**
	 * Returns the index in a list, the latest first, of the first call that started
	 * before a time.
	 */
	static int firstBefore(Instant time, List<Call> calls) {
		int low = 0;
		int high = calls.size();
		while (low < high) {
			int middle = (low + high) >>> 1;
			if (calls.get(middle).start().isBefore(time)) {
				high = middle;
			}
			else {
				low = middle + 1;
			}
		}
		return low;
	}

	/**
	 * A time to be read.
	 */
	private record Gap(Instant from, Instant before) {
	}

	/**
	 * The known calls of a slice.
	 *
	 * @param calls its calls since an instant
	 * @param since its start, if all of it was read
	 * @param readAt when reading began
	 */
	private record Slice(List<Call> calls, Instant since, Instant readAt) {

		Slice plus(Slice older) {
			List<Call> all = new ArrayList<>(this.calls);
			all.addAll(older.calls);
			return new Slice(all, older.since, this.readAt);
		}

		boolean isOutdated(Instant start, Instant now) {
			long end = start.plus(SLICE).toEpochMilli();
			long ageWhenRead = this.readAt.toEpochMilli() - end;
			return this.readAt.isBefore(now) && (ageWhenRead < 0 || 4 * (now.toEpochMilli() - end) > 5 * ageWhenRead);
		}

		/** An empty slice takes memory, too. */
		int weight() {
			return this.calls.size() + 1;
		}

	}

}
