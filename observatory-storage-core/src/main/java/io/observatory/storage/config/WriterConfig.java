package io.observatory.storage.config;

import java.time.Clock;
import java.time.Duration;

import io.observatory.storage.buffer.BufferLimits;
import io.observatory.storage.buffer.FullPolicy;
import io.observatory.storage.model.Redactor;
import io.observatory.storage.row.InputPolicy;
import io.observatory.storage.session.ConnectionLimit;
import io.observatory.storage.session.SessionSettings;
import io.observatory.storage.session.WriteMethod;
import io.observatory.storage.table.Schema;
import org.jspecify.annotations.Nullable;

/**
 * How a writer buffers and writes. Immutable. The defaults live here and nowhere else.
 * <p>
 * A slot that becomes free takes all that is buffered, up to {@code maxBatchRows} and
 * {@code maxBatchBytes}: small batches when it is quiet, large ones under load.
 * {@code batchSize} is what wakes it.
 */
public final class WriterConfig {

	/** Rows that trigger a flush of traces, spans and events. */
	public static final int DEFAULT_TRACE_BATCH_SIZE = 100;

	/** Rows that trigger a flush of metrics and data points. */
	public static final int DEFAULT_METRIC_BATCH_SIZE = 500;

	/** Rows that trigger a flush of logs. */
	public static final int DEFAULT_LOG_BATCH_SIZE = 1000;

	public static final Duration DEFAULT_FLUSH_INTERVAL = Duration.ofSeconds(5);

	public static final int DEFAULT_MAX_CONCURRENCY = 4;

	public static final int DEFAULT_MAX_BATCH_ROWS = 10_000;

	public static final long DEFAULT_MAX_BATCH_BYTES = 8L << 20;

	public static final long DEFAULT_MAX_BUFFER_ROWS = 1_000_000;

	/** The default of {@code maxBufferBytes} is this or 5 % of the heap, what is less. */
	public static final long DEFAULT_MAX_BUFFER_BYTES = 64L << 20;

	public static final Duration DEFAULT_BLOCK_TIMEOUT = Duration.ofSeconds(1);

	public static final String DEFAULT_SCHEMA = "observatory";

	public static final Duration DEFAULT_FLUSH_TIMEOUT = Duration.ofSeconds(30);

	public static final Duration DEFAULT_CLOSE_TIMEOUT = Duration.ofSeconds(20);

	/** Rows that {@code dead_letters} may hold. */
	public static final long DEFAULT_MAX_DEAD_LETTERS = 100_000;

	/** Nobody else has them, and they are never changed. */
	private final WriterSettings values;

	private WriterConfig(WriterSettings values) {
		this.values = values;
	}

	/** Returns a builder with the defaults of a {@code LogWriter}. */
	public static Builder logs() {
		return new Builder(new WriterSettings()).batchSize(DEFAULT_LOG_BATCH_SIZE);
	}

	/** Returns a builder with the defaults of a {@code MetricWriter}. */
	public static Builder metrics() {
		return new Builder(new WriterSettings()).batchSize(DEFAULT_METRIC_BATCH_SIZE);
	}

	/** Returns a builder with the defaults of a {@code TraceWriter}. */
	public static Builder traces() {
		return new Builder(new WriterSettings()).batchSize(DEFAULT_TRACE_BATCH_SIZE);
	}

	/** Returns a builder with the values of this configuration. */
	public Builder toBuilder() {
		return new Builder(this.values.copy());
	}

	/** Returns the default of {@code maxBufferBytes} on this JVM. */
	public static long defaultMaxBufferBytes() {
		return Math.min(DEFAULT_MAX_BUFFER_BYTES, Runtime.getRuntime().maxMemory() / 20);
	}

	/** Returns how many buffered rows make a slot take a batch. */
	public int batchSize() {
		return this.values.batchSize;
	}

	/** Returns how long a row waits for a time-based flush, whoever triggers that. */
	public Duration flushInterval() {
		return this.values.flushInterval;
	}

	/** Returns how many batches may be in flight at once, each on a thread of its own. */
	public int maxConcurrency() {
		return this.values.maxConcurrency;
	}

	/** Returns the most rows in a batch. */
	public int maxBatchRows() {
		return this.values.maxBatchRows;
	}

	/** Returns the most bytes in a batch; a larger row makes a batch of its own. */
	public long maxBatchBytes() {
		return this.values.maxBatchBytes;
	}

	/** Returns the most rows buffered and in flight. */
	public long maxBufferRows() {
		return this.values.maxBufferRows;
	}

	/** Returns the most bytes buffered and in flight. */
	public long maxBufferBytes() {
		return this.values.maxBufferBytes;
	}

	/** Returns what a write does when the buffer is full. */
	public FullPolicy fullPolicy() {
		return this.values.fullPolicy;
	}

	/** Returns how long a write waits for room under the policy BLOCK. */
	public Duration blockTimeout() {
		return this.values.blockTimeout;
	}

	/**
	 * Returns the buffer on disk, or null if the buffer is in memory. With it,
	 * {@link #maxBufferRows()} and {@link #maxBufferBytes()} bound what one call may
	 * write.
	 */
	public @Nullable SpoolConfig spool() {
		return this.values.spool;
	}

	/** Returns the most bytes of the rows of one call. */
	public long maxCallBytes() {
		SpoolConfig spool = this.values.spool;
		return (spool != null) ? Math.min(maxBufferBytes(), spool.maxCallBytes(maxConcurrency())) : maxBufferBytes();
	}

	/** Returns how rows go to PostgreSQL. */
	public WriteMethod writeMethod() {
		return this.values.writeMethod;
	}

	/** Returns the schema of the tables. */
	public String schema() {
		return this.values.schema;
	}

	/** Returns the retry cycle of a batch. */
	public RetryConfig retry() {
		return this.values.retry;
	}

	/**
	 * Returns how long flush() waits, and a transaction may take, before it is aborted.
	 */
	public Duration flushTimeout() {
		return this.values.flushTimeout;
	}

	/** Returns how long close() waits for what is buffered to be stored. */
	public Duration closeTimeout() {
		return this.values.closeTimeout;
	}

	/** Returns whether a COMMIT waits for the disk. */
	public boolean synchronousCommit() {
		return this.values.synchronousCommit;
	}

	/** Returns the bound of the connections of all writers that share it. */
	public ConnectionLimit connectionLimit() {
		return this.values.connectionLimit;
	}

	/**
	 * Returns how many rows {@code dead_letters} may hold, those of all writers together.
	 * With a batch whose letters would exceed it a writer stops, keeps the batch, says so
	 * in its status, and goes on by itself once letters were replayed or purged.
	 */
	public long maxDeadLetters() {
		return this.values.maxDeadLetters;
	}

	/** Returns what is done about input that PostgreSQL would refuse or alter. */
	public InputPolicy input() {
		return this.values.input;
	}

	/**
	 * Returns how old a record may be, or null if as old as it likes. One that is older
	 * is dropped and counted as expired: a retention would soon remove it again. A span
	 * or trace is as old as its newest end; a metric has no age.
	 */
	public @Nullable Duration retention() {
		return this.values.retention;
	}

	/** Returns what each record goes through before it is encoded. */
	public Redactor redactor() {
		return this.values.redactor;
	}

	/** Returns what is told of every drop. */
	public DropListener dropListener() {
		return this.values.dropListener;
	}

	/** Returns the clock that records and failures are dated by. */
	public Clock clock() {
		return this.values.clock;
	}

	public BufferLimits bufferLimits() {
		return new BufferLimits(this.values.batchSize, this.values.maxBatchRows, this.values.maxBatchBytes,
				this.values.maxBufferRows, this.values.maxBufferBytes);
	}

	public SessionSettings sessionSettings() {
		return new SessionSettings(new Schema(this.values.schema), this.values.writeMethod, this.values.flushTimeout,
				this.values.synchronousCommit, this.values.connectionLimit);
	}

	/**
	 * Builds a {@link WriterConfig}; each method sets what the configuration returns by
	 * the same name. Not thread-safe.
	 */
	public static final class Builder {

		private final WriterSettings values;

		private Builder(WriterSettings values) {
			this.values = values;
		}

		public Builder batchSize(int batchSize) {
			this.values.batchSize = batchSize;
			return this;
		}

		public Builder flushInterval(Duration flushInterval) {
			this.values.flushInterval = flushInterval;
			return this;
		}

		public Builder maxConcurrency(int maxConcurrency) {
			this.values.maxConcurrency = maxConcurrency;
			return this;
		}

		public Builder maxBatchRows(int maxBatchRows) {
			this.values.maxBatchRows = maxBatchRows;
			return this;
		}

		public Builder maxBatchBytes(long maxBatchBytes) {
			this.values.maxBatchBytes = maxBatchBytes;
			return this;
		}

		public Builder maxBufferRows(long maxBufferRows) {
			this.values.maxBufferRows = maxBufferRows;
			return this;
		}

		public Builder maxBufferBytes(long maxBufferBytes) {
			this.values.maxBufferBytes = maxBufferBytes;
			return this;
		}

		public Builder fullPolicy(FullPolicy fullPolicy) {
			this.values.fullPolicy = fullPolicy;
			return this;
		}

		public Builder blockTimeout(Duration blockTimeout) {
			this.values.blockTimeout = blockTimeout;
			return this;
		}

		/** Sets the buffer on disk, or null for one in memory, which is the default. */
		public Builder spool(@Nullable SpoolConfig spool) {
			this.values.spool = spool;
			return this;
		}

		public Builder writeMethod(WriteMethod writeMethod) {
			this.values.writeMethod = writeMethod;
			return this;
		}

		public Builder schema(String schema) {
			this.values.schema = schema;
			return this;
		}

		public Builder retry(RetryConfig retry) {
			this.values.retry = retry;
			return this;
		}

		public Builder flushTimeout(Duration flushTimeout) {
			this.values.flushTimeout = flushTimeout;
			return this;
		}

		public Builder closeTimeout(Duration closeTimeout) {
			this.values.closeTimeout = closeTimeout;
			return this;
		}

		public Builder synchronousCommit(boolean synchronousCommit) {
			this.values.synchronousCommit = synchronousCommit;
			return this;
		}

		public Builder connectionLimit(ConnectionLimit connectionLimit) {
			this.values.connectionLimit = connectionLimit;
			return this;
		}

		public Builder maxDeadLetters(long maxDeadLetters) {
			this.values.maxDeadLetters = maxDeadLetters;
			return this;
		}

		public Builder input(InputPolicy input) {
			this.values.input = input;
			return this;
		}

		/** Sets how old a record may be: 1 to 36,500 days, or null for any age. */
		public Builder retention(@Nullable Duration retention) {
			this.values.retention = retention;
			return this;
		}

		public Builder redactor(Redactor redactor) {
			this.values.redactor = redactor;
			return this;
		}

		public Builder dropListener(DropListener dropListener) {
			this.values.dropListener = dropListener;
			return this;
		}

		public Builder clock(Clock clock) {
			this.values.clock = clock;
			return this;
		}

		/**
		 * Returns the configuration.
		 * @throws IllegalArgumentException naming the value that is out of its bounds
		 */
		public WriterConfig build() {
			this.values.check();
			return new WriterConfig(this.values.copy());
		}

	}

}
