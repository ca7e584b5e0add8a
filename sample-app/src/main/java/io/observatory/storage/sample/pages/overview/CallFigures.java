package io.observatory.storage.sample.pages.overview;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

import io.observatory.storage.sample.pages.TimeRange;
import org.jspecify.annotations.Nullable;

/**
 * Adds calls up: all of them (no bucket, no group), those of each bucket, of each model,
 * and of each model in each bucket.
 */
final class CallFigures {

	private CallFigures() {
	}

	static List<Figures> of(TimeRange range, Collection<Call> calls) {
		Duration step = range.step();
		Map<Key, List<Call>> groups = new HashMap<>();
		for (Call call : calls) {
			groups
				.computeIfAbsent(new Key(TimeRange.bucketOf(call.start(), step), call.model()),
						(key) -> new ArrayList<>())
				.add(call);
		}
		Map<Key, Sum> sums = new HashMap<>();
		groups.forEach((key, ofKey) -> {
			Sum sum = Sum.of(ofKey);
			for (Key each : key.all()) {
				sums.computeIfAbsent(each, (first) -> new Sum()).add(sum);
			}
		});
		return sums.entrySet().stream().map((sum) -> sum.getValue().figures(sum.getKey())).toList();
	}

	/** All of them alone. */
	static Figures all(Collection<Call> calls) {
		return Sum.of(calls).figures(new Key(null, null));
	}

	private record Key(@Nullable Instant bucket, @Nullable String model) {

		/** What such a call counts for. */
		List<Key> all() {
			return List.of(this, new Key(this.bucket, null), new Key(null, this.model), new Key(null, null));
		}

	}

	private static final class Sum {

		private long calls;

		private long failed;

		private final List<long[]> durations = new ArrayList<>();

		private @Nullable Long tokens;

		private @Nullable BigDecimal cost;

		static Sum of(Collection<Call> calls) {
			Sum sum = new Sum();
			sum.calls = calls.size();
			sum.durations.add(calls.stream().flatMapToLong(Sum::duration).toArray());
			for (Call call : calls) {
				sum.failed += call.failed() ? 1 : 0;
				sum.add(call.tokens(), call.cost());
			}
			return sum;
		}

		private static LongStream duration(Call call) {
			return (call.duration() != null) ? LongStream.of(call.duration()) : LongStream.empty();
		}

		void add(Sum other) {
			this.calls += other.calls;
			this.failed += other.failed;
			this.durations.addAll(other.durations);
			add(other.tokens, other.cost);
		}

		/**
		 * Of what nobody knows the sum is unknown; a sum beyond any long is the largest.
		 */
		private void add(@Nullable Long tokens, @Nullable BigDecimal cost) {
			if (tokens != null) {
				long before = (this.tokens != null) ? this.tokens : 0;
				long sum = before + tokens;
				this.tokens = (((before ^ sum) & (tokens ^ sum)) < 0) ? Long.MAX_VALUE : sum;
			}
			if (cost != null) {
				this.cost = (this.cost != null) ? this.cost.add(cost) : cost;
			}
		}

		Figures figures(Key key) {
			long[] sorted = this.durations.stream().flatMapToLong(Arrays::stream).sorted().toArray();
			return new Figures(key.bucket, key.model, this.calls, this.failed, percentile(sorted, 50),
					percentile(sorted, 95), percentile(sorted, 99), this.tokens, this.cost);
		}

		/** The nearest rank, as {@code percentile_disc} has it. */
		private static @Nullable Long percentile(long[] sorted, int percent) {
			return (sorted.length == 0) ? null : sorted[(int) ((sorted.length * (long) percent + 99) / 100) - 1];
		}

	}

}
