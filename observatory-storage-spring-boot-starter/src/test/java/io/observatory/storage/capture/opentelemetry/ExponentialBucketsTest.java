package io.observatory.storage.capture.opentelemetry;

import java.util.List;

import io.observatory.storage.capture.opentelemetry.ExponentialBuckets.Side;
import io.observatory.storage.model.Bucket;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class ExponentialBucketsTest {

	private static List<Bucket> buckets(int scale, Side negative, long zero, double threshold, Side positive) {
		return ExponentialBuckets.of(scale, threshold, zero, negative, positive);
	}

	private static Side none() {
		return new Side(0, List.of());
	}

	private static Side counts(int offset, Long... counts) {
		return new Side(offset, List.of(counts));
	}

	@Test
	void negativeZeroAndPositiveInAscendingOrder() {
		assertThat(buckets(0, counts(1, 3L, 4L), 5, 0, counts(-1, 6L, 7L))).containsExactly(new Bucket(-8, 0),
				new Bucket(-4, 4), new Bucket(-2, 3), new Bucket(0, 5), new Bucket(0.5, 0), new Bucket(1, 6),
				new Bucket(2, 7));
	}

	@Test
	void onlyZeros() {
		assertThat(buckets(3, none(), 9, 0, none())).containsExactly(new Bucket(0, 9));
	}

	@Test
	void theBaseFollowsFromTheScale() {
		List<Bucket> buckets = buckets(2, none(), 0, 0, counts(0, 1L, 1L, 1L, 1L));
		// 2^(1/4) a step: four steps double
		assertThat(buckets).extracting(Bucket::boundary).startsWith(0.0, 1.0).endsWith(2.0);
		assertThat(buckets.get(2).boundary()).isCloseTo(1.189207115, within(1e-9));
	}

	@Test
	void aNegativeScaleHasWideBuckets() {
		assertThat(buckets(-2, none(), 0, 0, counts(0, 1L, 2L))).containsExactly(new Bucket(0, 0), new Bucket(1, 0),
				new Bucket(16, 1), new Bucket(256, 2));
	}

	@Test
	void boundariesThatADoubleCannotTellApartAreOneAndNothingIsLost() {
		List<Bucket> buckets = buckets(0, none(), 1, 0, counts(1020, 1L, 1L, 1L, 1L, 1L, 1L, 1L));
		assertThat(buckets).extracting(Bucket::boundary).doesNotHaveDuplicates().endsWith(Double.POSITIVE_INFINITY);
		assertThat(buckets.stream().mapToLong(Bucket::count).sum()).isEqualTo(8);
	}

	@Test
	void anOffsetAtTheEndOfTheIntegers() {
		List<Bucket> buckets = buckets(-10, counts(Integer.MAX_VALUE, 1L, 1L), 1, 0, counts(Integer.MIN_VALUE, 1L, 1L));
		assertThat(buckets.stream().mapToLong(Bucket::count).sum()).isEqualTo(5);
		assertThat(buckets).extracting(Bucket::boundary).isSorted();
	}

}
