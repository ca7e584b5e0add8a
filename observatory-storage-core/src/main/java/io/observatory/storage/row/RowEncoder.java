package io.observatory.storage.row;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * Encodes records into rows of PostgreSQL's binary COPY format, one after the other into
 * one array that is reused.
 * <p>
 * Not thread-safe. After an exception the row at fault must be rolled back
 * ({@link #rollBack()}) or all of them forgotten ({@link #reset()}), and when its rows
 * have been taken they must be forgotten.
 */
public final class RowEncoder extends FieldEncoder {

	/** The route of a row that any slot may take. */
	public static final int ANY_SLOT = -1;

	private static final int INITIAL_ROWS = 16;

	/** What the JSON generator and the names that it has written lately hold. */
	private static final int FIXED_MEMORY = 1 << 15;

	private static final long[] NONE_EXPIRED = {};

	private static final long NO_MAX_AGE = Long.MAX_VALUE;

	private final Clock clock;

	private final long maxAgeMillis;

	private int rows;

	private int[] ends = new int[INITIAL_ROWS];

	private int[] tables = new int[INITIAL_ROWS];

	private int[] routes = new int[INITIAL_ROWS];

	private int table;

	private int route;

	private boolean isExpired;

	private int replacedBefore;

	private int truncatedBefore;

	private long[] expired = NONE_EXPIRED;

	/** Makes an encoder that is bounded by the largest array alone. */
	public RowEncoder(InputPolicy policy, Clock clock) {
		this(policy, clock, Integer.MAX_VALUE, null);
	}

	/**
	 * Makes an encoder.
	 * @param maxLength the most bytes that the rows of one call may have
	 * @param maxAge how old a row may be, or null if as old as it likes
	 */
	public RowEncoder(InputPolicy policy, Clock clock, long maxLength, @Nullable Duration maxAge) {
		super(policy, clock, maxLength);
		this.clock = clock;
		this.maxAgeMillis = (maxAge != null) ? maxAge.toMillis() : NO_MAX_AGE;
	}

	/** Says which of its writer's tables the following rows are for. */
	public void into(int table) {
		this.table = table;
	}

	/** Begins a row. */
	public void begin(String recordType, int fields) {
		issues().record(recordType);
		this.route = ANY_SLOT;
		this.isExpired = false;
		this.replacedBefore = issues().replaced();
		this.truncatedBefore = issues().truncated();
		rowBytes().count(fields);
	}

	/**
	 * Forgets the row that has begun and not ended, after an exception. The rows before
	 * it stay.
	 */
	public void rollBack() {
		rowBytes().truncate(start(this.rows));
		issues().reset(this.replacedBefore, this.truncatedBefore);
	}

	/** Says that rows with this key must go through one and the same slot. */
	public void route(UUID key) {
		long mixed = (key.getMostSignificantBits() ^ key.getLeastSignificantBits()) * 0x9E3779B97F4A7C15L;
		this.route = (int) (mixed >>> 33);
	}

	/**
	 * Says by which time the row ages. One that is older than the bound is left out when
	 * it ends, and counted.
	 */
	public void ages(Instant time) {
		this.isExpired = this.maxAgeMillis != NO_MAX_AGE
				&& time.toEpochMilli() < this.clock.millis() - this.maxAgeMillis;
	}

	/** Ends a row. */
	public void end() {
		if (this.isExpired) {
			expire();
			return;
		}
		if (this.rows == this.ends.length) {
			this.ends = Arrays.copyOf(this.ends, this.rows * 2);
			this.tables = Arrays.copyOf(this.tables, this.rows * 2);
			this.routes = Arrays.copyOf(this.routes, this.rows * 2);
		}
		this.ends[this.rows] = rowBytes().length();
		this.tables[this.rows] = this.table;
		this.routes[this.rows] = this.route;
		this.rows++;
	}

	private void expire() {
		rowBytes().truncate(start(this.rows));
		if (this.expired.length <= this.table) {
			this.expired = Arrays.copyOf(this.expired, this.table + 1);
		}
		this.expired[this.table]++;
	}

	/** Forgets all rows. */
	public void reset() {
		rowBytes().reset();
		issues().reset();
		this.rows = 0;
		this.expired = NONE_EXPIRED;
	}

	/** Returns about how many bytes of memory this encoder holds. */
	public int memory() {
		return FIXED_MEMORY + rowBytes().array().length + 3 * Integer.BYTES * this.ends.length;
	}

	/** Returns how many rows there are. */
	public int rows() {
		return this.rows;
	}

	/**
	 * Returns how many rows were left out for their age, by table, for as many tables as
	 * it takes.
	 */
	public long[] expired() {
		return this.expired;
	}

	/** Returns how many bytes all rows have. */
	public int length() {
		return rowBytes().length();
	}

	/** Returns where a row begins in {@link #bytes()}. */
	public int start(int row) {
		return (row == 0) ? 0 : this.ends[row - 1];
	}

	/** Returns where a row ends in {@link #bytes()}. */
	public int end(int row) {
		return this.ends[row];
	}

	/** Returns which of its writer's tables a row is for. */
	public int table(int row) {
		return this.tables[row];
	}

	/** Returns a row's route: not negative, or {@link #ANY_SLOT}. */
	public int route(int row) {
		return this.routes[row];
	}

	/** Returns the rows' bytes, valid until the next call that changes this encoder. */
	public byte[] bytes() {
		return rowBytes().array();
	}

	/** Returns how many values were replaced. */
	public int replaced() {
		return issues().replaced();
	}

	/** Returns how many values were cut. */
	public int truncated() {
		return issues().truncated();
	}

}
