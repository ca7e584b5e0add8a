package io.observatory.storage.sample.mapping;

import java.util.ArrayList;
import java.util.List;

import io.observatory.storage.model.Bucket;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint.Buckets;

/**
 * The buckets of an exponential histogram with explicit boundaries: the negative ones,
 * the zero bucket, the positive ones, in ascending order. The i-th positive bucket
 * reaches from base^(offset+i) to base^(offset+i+1), where base = 2^(2^-scale); the
 * negative ones are its mirror image. Where a bucket does not begin at the end of the one
 * before, an empty one stands between them, so that each bucket begins where the one
 * before it ends. Boundaries that a double cannot tell apart are one.
 */
final class ExponentialBuckets {

	private final double exponentStep;

	private final List<Bucket> buckets = new ArrayList<>();

	private ExponentialBuckets(int scale) {
		this.exponentStep = Math.pow(2, -(double) scale);
	}

	static List<Bucket> of(ExponentialHistogramDataPoint point) {
		ExponentialBuckets buckets = new ExponentialBuckets(point.getScale());
		buckets.addNegative(point.getNegative());
		buckets.addZero(point.getZeroThreshold(), point.getZeroCount());
		buckets.addPositive(point.getPositive());
		return buckets.buckets;
	}

	private void addNegative(Buckets negative) {
		int count = negative.getBucketCountsCount();
		if (count == 0) {
			return;
		}
		add(-boundary(negative, count), 0);
		for (int i = count - 1; i >= 0; i--) {
			add(-boundary(negative, i), negative.getBucketCounts(i));
		}
	}

	private void addZero(double threshold, long count) {
		if (threshold > 0) {
			add(-threshold, 0);
		}
		add(threshold, count);
	}

	private void addPositive(Buckets positive) {
		int count = positive.getBucketCountsCount();
		if (count == 0) {
			return;
		}
		add(boundary(positive, 0), 0);
		for (int i = 0; i < count; i++) {
			add(boundary(positive, i + 1), positive.getBucketCounts(i));
		}
	}

	private double boundary(Buckets buckets, int i) {
		return Math.pow(2, ((double) buckets.getOffset() + i) * this.exponentStep);
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

}
