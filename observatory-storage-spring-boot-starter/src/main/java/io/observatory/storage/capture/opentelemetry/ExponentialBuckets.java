package io.observatory.storage.capture.opentelemetry;

import java.util.ArrayList;
import java.util.List;

import io.observatory.storage.model.Bucket;

/**
 * The buckets of an exponential histogram with explicit boundaries: the negative ones,
 * the zero bucket, the positive ones, in ascending order. The i-th positive bucket
 * reaches from base^(offset+i) to base^(offset+i+1), where base = 2^(2^-scale); the
 * negative ones are its mirror image. If a bucket does not begin at the end of the
 * previous one, there is an empty bucket between them, so that each bucket begins where
 * the previous one ends. Boundaries that are equal as doubles are one.
 */
public final class ExponentialBuckets {

	private final double exponentStep;

	private final List<Bucket> buckets = new ArrayList<>();

	private ExponentialBuckets(int scale) {
		this.exponentStep = Math.pow(2, -(double) scale);
	}

	/**
	 * Returns the buckets in ascending order.
	 * @param scale the scale, which makes the base
	 * @param zeroThreshold the largest absolute value that counts as zero
	 * @param zeroCount the number of such values
	 * @param negative the negative buckets
	 * @param positive the positive buckets
	 */
	public static List<Bucket> of(int scale, double zeroThreshold, long zeroCount, Side negative, Side positive) {
		ExponentialBuckets buckets = new ExponentialBuckets(scale);
		buckets.addNegative(negative);
		buckets.addZero(zeroThreshold, zeroCount);
		buckets.addPositive(positive);
		return buckets.buckets;
	}

	private void addNegative(Side negative) {
		int count = negative.counts().size();
		if (count == 0) {
			return;
		}
		add(-boundary(negative, count), 0);
		for (int i = count - 1; i >= 0; i--) {
			add(-boundary(negative, i), negative.counts().get(i));
		}
	}

	private void addZero(double threshold, long count) {
		if (threshold > 0) {
			add(-threshold, 0);
		}
		add(threshold, count);
	}

	private void addPositive(Side positive) {
		int count = positive.counts().size();
		if (count == 0) {
			return;
		}
		add(boundary(positive, 0), 0);
		for (int i = 0; i < count; i++) {
			add(boundary(positive, i + 1), positive.counts().get(i));
		}
	}

	private double boundary(Side side, int i) {
		double exponent = (double) side.offset() + i;
		// avoids 0 times infinity, which an extreme scale would give
		return (exponent != 0) ? Math.pow(2, exponent * this.exponentStep) : 1;
	}

	/**
	 * Adds the values between the last boundary and this one.
	 */
	private void add(double boundary, long count) {
		int last = this.buckets.size() - 1;
		if (last >= 0 && this.buckets.get(last).boundary() >= boundary) {
			Bucket previous = this.buckets.get(last);
			this.buckets.set(last, new Bucket(previous.boundary(), previous.count() + count));
		}
		else {
			this.buckets.add(new Bucket(boundary, count));
		}
	}

	/**
	 * The buckets of one sign, away from zero.
	 *
	 * @param offset the exponent at which the first one begins
	 * @param counts how many values each has
	 */
	public record Side(int offset, List<Long> counts) {

	}

}
