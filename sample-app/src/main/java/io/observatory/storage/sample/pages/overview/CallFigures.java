package io.observatory.storage.sample.pages.overview;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.observatory.storage.sample.pages.TimeRange;
import org.apache.commons.statistics.descriptive.Quantile;
import org.apache.commons.statistics.descriptive.Quantile.EstimationMethod;
import org.jspecify.annotations.Nullable;

/**
 * Adds calls up: all of them (no bucket, no group), those of each bucket, of each model,
 * and of each model in each bucket.
 */
final class CallFigures {

	/** It selects values, which takes a fraction of the time of sorting. */
	private static final Quantile NEAREST_RANK = Quantile.withDefaults().with(EstimationMethod.HF1).withCopy(false);

	private static final double[] PARTS = { 0.5, 0.95, 0.99 };

	private CallFigures() {
	}

	static List<Figures> of(TimeRange range, Collection<Call> calls) {
		Map<Key, Sum> sums = new HashMap<>();
		byBucket(range.step(), calls).forEach((bucket, ofBucket) -> ofBucket.forEach((model, sum) -> {
			for (Key key : new Key(bucket, model).andLarger()) {
				sums.computeIfAbsent(key, (first) -> new Sum()).add(sum);
			}
		}));
		return sums.entrySet().stream().map((sum) -> sum.getValue().figures(sum.getKey())).toList();
	}

	private static Map<Instant, Map<String, Sum>> byBucket(Duration step, Collection<Call> calls) {
		Map<Instant, Map<String, Sum>> buckets = new HashMap<>();
		Map<String, Sum> models = Map.of();
		Instant start = Instant.MAX;
		Instant end = Instant.MAX;
		for (Call call : calls) {
			// they are ordered by time, so most are in the bucket of the previous one
			if (call.start().isBefore(start) || !call.start().isBefore(end)) {
				start = TimeRange.bucketOf(call.start(), step);
				end = start.plus(step);
				models = buckets.computeIfAbsent(start, (first) -> new HashMap<>());
			}
			models.computeIfAbsent(call.model(), (first) -> new Sum()).add(call);
		}
		return buckets;
	}

	/** Only the figures of all calls together. */
	static Figures all(Collection<Call> calls) {
		Sum sum = new Sum();
		calls.forEach(sum::add);
		return sum.figures(new Key(null, null));
	}

	private record Key(@Nullable Instant bucket, @Nullable String model) {

		/** All figures that such a call counts for. */
		List<Key> andLarger() {
			return List.of(this, new Key(this.bucket, null), new Key(null, this.model), new Key(null, null));
		}

	}

	private static final class Sum {

		private long calls;

		private long failed;

		private double[] durations = new double[16];

		private int ended;

		private @Nullable Long tokens;

		private @Nullable BigDecimal cost;

		void add(Call call) {
			this.calls++;
			this.failed += call.failed() ? 1 : 0;
			if (call.duration() != null) {
				makeRoom(1);
				this.durations[this.ended++] = call.duration();
			}
			add(call.tokens(), call.cost());
		}

		void add(Sum other) {
			this.calls += other.calls;
			this.failed += other.failed;
			makeRoom(other.ended);
			System.arraycopy(other.durations, 0, this.durations, this.ended, other.ended);
			this.ended += other.ended;
			add(other.tokens, other.cost);
		}

		private void makeRoom(int more) {
			if (this.ended + more > this.durations.length) {
				this.durations = Arrays.copyOf(this.durations, Math.max(this.ended + more, 2 * this.ended));
			}
		}

		/**
		 * The sum of unknown values is unknown; a sum beyond any long is the largest
		 * long.
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

		/** Percentiles use the nearest rank, like {@code percentile_disc}. */
		Figures figures(Key key) {
			double[] quantiles = (this.ended > 0) ? NEAREST_RANK.evaluateRange(this.durations, 0, this.ended, PARTS)
					: null;
			return new Figures(key.bucket, key.model, this.calls, this.failed, number(quantiles, 0),
					number(quantiles, 1), number(quantiles, 2), this.tokens, this.cost);
		}

		private static @Nullable Long number(double @Nullable [] quantiles, int index) {
			return (quantiles != null) ? (long) quantiles[index] : null;
		}

	}

}
