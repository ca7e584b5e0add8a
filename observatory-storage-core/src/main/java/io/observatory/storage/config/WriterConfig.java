package io.observatory.storage.config;

import java.time.Clock;
import java.time.Duration;

import io.observatory.storage.buffer.BufferLimits;
import io.observatory.storage.buffer.FullPolicy;
import io.observatory.storage.model.Redactor;
import io.observatory.storage.row.InputPolicy;
import io.observatory.storage.session.ConnectionLimit;
import io.observatory.storage.session.SinkSettings;
import io.observatory.storage.session.WriteMethod;
import io.observatory.storage.table.Schema;
import io.observatory.storage.upkeep.RetentionPeriods;
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

	private final int batchSize;

	private final Duration flushInterval;

	private final int maxConcurrency;

	private final int maxBatchRows;

	private final long maxBatchBytes;

	private final long maxBufferRows;

	private final long maxBufferBytes;

	private final FullPolicy fullPolicy;

	private final Duration blockTimeout;

	private final WriteMethod writeMethod;

	private final String schema;

	private final RetryConfig retry;

	private final Duration flushTimeout;

	private final Duration closeTimeout;

	private final boolean synchronousCommit;

	private final ConnectionLimit connectionLimit;

	private final long maxDeadLetters;

	private final InputPolicy input;

	private final @Nullable Duration retention;

	private final Redactor redactor;

	private final DropListener dropListener;

	private final Clock clock;

	private WriterConfig(Builder builder) {
		this.batchSize = builder.batchSize;
		this.flushInterval = builder.flushInterval;
		this.maxConcurrency = builder.maxConcurrency;
		this.maxBatchRows = builder.maxBatchRows;
		this.maxBatchBytes = builder.maxBatchBytes;
		this.maxBufferRows = builder.maxBufferRows;
		this.maxBufferBytes = builder.maxBufferBytes;
		this.fullPolicy = builder.fullPolicy;
		this.blockTimeout = builder.blockTimeout;
		this.writeMethod = builder.writeMethod;
		this.schema = builder.schema;
		this.retry = builder.retry;
		this.flushTimeout = builder.flushTimeout;
		this.closeTimeout = builder.closeTimeout;
		this.synchronousCommit = builder.synchronousCommit;
		this.connectionLimit = builder.connectionLimit;
		this.maxDeadLetters = builder.maxDeadLetters;
		this.input = builder.input;
		this.retention = builder.retention;
		this.redactor = builder.redactor;
		this.dropListener = builder.dropListener;
		this.clock = builder.clock;
		check(this.batchSize >= 1, "batchSize must be at least 1");
		check(this.flushInterval.toMillis() >= 1, "flushInterval must be at least 1 ms");
		check(this.maxConcurrency >= 1 && this.maxConcurrency <= 64, "maxConcurrency must lie between 1 and 64");
		check(this.maxBatchRows >= 1, "maxBatchRows must be at least 1");
		check(this.maxBatchBytes >= 1, "maxBatchBytes must be at least 1");
		check(this.maxBufferRows >= 1, "maxBufferRows must be at least 1");
		check(this.maxBufferBytes >= 1, "maxBufferBytes must be at least 1");
		check(this.maxDeadLetters >= 1, "maxDeadLetters must be at least 1");
		check(!this.blockTimeout.isNegative(), "blockTimeout must not be negative");
		check(this.flushTimeout.toMillis() >= 1, "flushTimeout must be at least 1 ms");
		check(!this.closeTimeout.isNegative(), "closeTimeout must not be negative");
		check(this.retention == null || RetentionPeriods.isValid(this.retention),
				"retention must lie between 1 and 36500 days");
		new Schema(this.schema);
	}

	/** Returns a builder with the defaults of a {@code LogWriter}. */
	public static Builder logs() {
		return new Builder().batchSize(DEFAULT_LOG_BATCH_SIZE);
	}

	/** Returns a builder with the defaults of a {@code MetricWriter}. */
	public static Builder metrics() {
		return new Builder().batchSize(DEFAULT_METRIC_BATCH_SIZE);
	}

	/** Returns a builder with the defaults of a {@code TraceWriter}. */
	public static Builder traces() {
		return new Builder().batchSize(DEFAULT_TRACE_BATCH_SIZE);
	}

	/** Returns a builder with the values of this configuration. */
	public Builder toBuilder() {
		Builder builder = new Builder();
		builder.batchSize = this.batchSize;
		builder.flushInterval = this.flushInterval;
		builder.maxConcurrency = this.maxConcurrency;
		builder.maxBatchRows = this.maxBatchRows;
		builder.maxBatchBytes = this.maxBatchBytes;
		builder.maxBufferRows = this.maxBufferRows;
		builder.maxBufferBytes = this.maxBufferBytes;
		builder.fullPolicy = this.fullPolicy;
		builder.blockTimeout = this.blockTimeout;
		builder.writeMethod = this.writeMethod;
		builder.schema = this.schema;
		builder.retry = this.retry;
		builder.flushTimeout = this.flushTimeout;
		builder.closeTimeout = this.closeTimeout;
		builder.synchronousCommit = this.synchronousCommit;
		builder.connectionLimit = this.connectionLimit;
		builder.maxDeadLetters = this.maxDeadLetters;
		builder.input = this.input;
		builder.retention = this.retention;
		builder.redactor = this.redactor;
		builder.dropListener = this.dropListener;
		builder.clock = this.clock;
		return builder;
	}

	/** Returns the default of {@code maxBufferBytes} on this JVM. */
	public static long defaultMaxBufferBytes() {
		return Math.min(DEFAULT_MAX_BUFFER_BYTES, Runtime.getRuntime().maxMemory() / 20);
	}

	/** Returns how many buffered rows make a slot take a batch. */
	public int batchSize() {
		return this.batchSize;
	}

	/**
	 * Returns how long a row waits at most before it is flushed, by whoever triggers the
	 * time-based flush.
	 */
	public Duration flushInterval() {
		return this.flushInterval;
	}

	/**
	 * Returns how many batches may be in flight at once; each has a slot with a thread of
	 * its own.
	 */
	public int maxConcurrency() {
		return this.maxConcurrency;
	}

	/** Returns the most rows in a batch. */
	public int maxBatchRows() {
		return this.maxBatchRows;
	}

	/**
	 * Returns the most bytes in a batch; a single larger row makes a batch of its own.
	 */
	public long maxBatchBytes() {
		return this.maxBatchBytes;
	}

	/** Returns the most rows buffered and in flight. */
	public long maxBufferRows() {
		return this.maxBufferRows;
	}

	/** Returns the most bytes buffered and in flight. */
	public long maxBufferBytes() {
		return this.maxBufferBytes;
	}

	/** Returns what a write does when the buffer is full. */
	public FullPolicy fullPolicy() {
		return this.fullPolicy;
	}

	/** Returns how long a write waits for room under the policy BLOCK. */
	public Duration blockTimeout() {
		return this.blockTimeout;
	}

	/** Returns how rows go to PostgreSQL. */
	public WriteMethod writeMethod() {
		return this.writeMethod;
	}

	/** Returns the schema of the tables. */
	public String schema() {
		return this.schema;
	}

	/** Returns the retry cycle of a batch. */
	public RetryConfig retry() {
		return this.retry;
	}

	/**
	 * Returns how long flush() waits, and how long a transaction may take before its
	 * connection is aborted.
	 */
	public Duration flushTimeout() {
		return this.flushTimeout;
	}

	/** Returns how long close() waits for what is buffered to be stored. */
	public Duration closeTimeout() {
		return this.closeTimeout;
	}

	/** Returns whether a COMMIT waits for the disk. */
	public boolean synchronousCommit() {
		return this.synchronousCommit;
	}

	/** Returns bounds the connections of all writers that share it. */
	public ConnectionLimit connectionLimit() {
		return this.connectionLimit;
	}

	/**
	 * Returns how many rows {@code dead_letters} may hold, those of all writers together.
	 * With a batch whose letters would exceed it a writer stops, keeps the batch, says so
	 * in its status, and goes on by itself once letters were replayed or purged.
	 */
	public long maxDeadLetters() {
		return this.maxDeadLetters;
	}

	/** Returns what is done about input that PostgreSQL would refuse or alter. */
	public InputPolicy input() {
		return this.input;
	}

	/**
	 * Returns how old a record may be, or null if as old as it likes. One that is older
	 * is dropped and counted as expired: a retention would soon remove it again. A span
	 * or trace is as old as its newest end; a metric has no age.
	 */
	public @Nullable Duration retention() {
		return this.retention;
	}

	/** Returns sees each record before it is encoded. */
	public Redactor redactor() {
		return this.redactor;
	}

	/** Returns what is told of every drop. */
	public DropListener dropListener() {
		return this.dropListener;
	}

	/** Returns tells the time. */
	public Clock clock() {
		return this.clock;
	}

	public BufferLimits bufferLimits() {
		return new BufferLimits(this.batchSize, this.maxBatchRows, this.maxBatchBytes, this.maxBufferRows,
				this.maxBufferBytes, this.fullPolicy, this.blockTimeout);
	}

	public SinkSettings sinkSettings() {
		return new SinkSettings(new Schema(this.schema), this.writeMethod, this.flushTimeout, this.synchronousCommit,
				this.connectionLimit, this.maxDeadLetters);
	}

	private static void check(boolean valid, String message) {
		if (!valid) {
			throw new IllegalArgumentException(message);
		}
	}

	/**
	 * Builds a {@link WriterConfig}. Not thread-safe.
	 */
	public static final class Builder {

		private int batchSize = DEFAULT_LOG_BATCH_SIZE;

		private Duration flushInterval = DEFAULT_FLUSH_INTERVAL;

		private int maxConcurrency = DEFAULT_MAX_CONCURRENCY;

		private int maxBatchRows = DEFAULT_MAX_BATCH_ROWS;

		private long maxBatchBytes = DEFAULT_MAX_BATCH_BYTES;

		private long maxBufferRows = DEFAULT_MAX_BUFFER_ROWS;

		private long maxBufferBytes = defaultMaxBufferBytes();

		private FullPolicy fullPolicy = FullPolicy.BLOCK;

		private Duration blockTimeout = DEFAULT_BLOCK_TIMEOUT;

		private WriteMethod writeMethod = WriteMethod.AUTO;

		private String schema = DEFAULT_SCHEMA;

		private RetryConfig retry = RetryConfig.DEFAULT;

		private Duration flushTimeout = DEFAULT_FLUSH_TIMEOUT;

		private Duration closeTimeout = DEFAULT_CLOSE_TIMEOUT;

		private boolean synchronousCommit = true;

		private ConnectionLimit connectionLimit = ConnectionLimit.none();

		private long maxDeadLetters = DEFAULT_MAX_DEAD_LETTERS;

		private InputPolicy input = InputPolicy.DEFAULT;

		private @Nullable Duration retention;

		private Redactor redactor = Redactor.NONE;

		private DropListener dropListener = DropListener.NONE;

		private Clock clock = Clock.systemUTC();

		private Builder() {
		}

		/** Sets how many buffered rows make a slot take a batch. */
		public Builder batchSize(int batchSize) {
			this.batchSize = batchSize;
			return this;
		}

		/**
		 * Sets how long a row waits at most before it is flushed, by whoever triggers the
		 * time-based flush.
		 */
		public Builder flushInterval(Duration flushInterval) {
			this.flushInterval = flushInterval;
			return this;
		}

		/**
		 * Sets how many batches may be in flight at once; each has a slot with a thread
		 * of its own.
		 */
		public Builder maxConcurrency(int maxConcurrency) {
			this.maxConcurrency = maxConcurrency;
			return this;
		}

		/** Sets the most rows in a batch. */
		public Builder maxBatchRows(int maxBatchRows) {
			this.maxBatchRows = maxBatchRows;
			return this;
		}

		/**
		 * Sets the most bytes in a batch; a single larger row makes a batch of its own.
		 */
		public Builder maxBatchBytes(long maxBatchBytes) {
			this.maxBatchBytes = maxBatchBytes;
			return this;
		}

		/** Sets the most rows buffered and in flight. */
		public Builder maxBufferRows(long maxBufferRows) {
			this.maxBufferRows = maxBufferRows;
			return this;
		}

		/** Sets the most bytes buffered and in flight. */
		public Builder maxBufferBytes(long maxBufferBytes) {
			this.maxBufferBytes = maxBufferBytes;
			return this;
		}

		/** Sets what a write does when the buffer is full. */
		public Builder fullPolicy(FullPolicy fullPolicy) {
			this.fullPolicy = fullPolicy;
			return this;
		}

		/** Sets how long a write waits for room under the policy BLOCK. */
		public Builder blockTimeout(Duration blockTimeout) {
			this.blockTimeout = blockTimeout;
			return this;
		}

		/** Sets how rows go to PostgreSQL. */
		public Builder writeMethod(WriteMethod writeMethod) {
			this.writeMethod = writeMethod;
			return this;
		}

		/** Sets the schema of the tables. */
		public Builder schema(String schema) {
			this.schema = schema;
			return this;
		}

		/** Sets the retry cycle of a batch. */
		public Builder retry(RetryConfig retry) {
			this.retry = retry;
			return this;
		}

		/**
		 * Sets how long flush() waits, and how long a transaction may take before its
		 * connection is aborted.
		 */
		public Builder flushTimeout(Duration flushTimeout) {
			this.flushTimeout = flushTimeout;
			return this;
		}

		/** Sets how long close() waits for what is buffered to be stored. */
		public Builder closeTimeout(Duration closeTimeout) {
			this.closeTimeout = closeTimeout;
			return this;
		}

		/** Sets whether a COMMIT waits for the disk. */
		public Builder synchronousCommit(boolean synchronousCommit) {
			this.synchronousCommit = synchronousCommit;
			return this;
		}

		/** Sets bounds the connections of all writers that share it. */
		public Builder connectionLimit(ConnectionLimit connectionLimit) {
			this.connectionLimit = connectionLimit;
			return this;
		}

		/**
		 * Sets how many rows {@code dead_letters} may hold, those of all writers
		 * together.
		 */
		public Builder maxDeadLetters(long maxDeadLetters) {
			this.maxDeadLetters = maxDeadLetters;
			return this;
		}

		/** Sets what is done about input that PostgreSQL would refuse or alter. */
		public Builder input(InputPolicy input) {
			this.input = input;
			return this;
		}

		/**
		 * Sets how old a record may be: from 1 to 36,500 days, or null if as old as it
		 * likes.
		 */
		public Builder retention(@Nullable Duration retention) {
			this.retention = retention;
			return this;
		}

		/** Sets sees each record before it is encoded. */
		public Builder redactor(Redactor redactor) {
			this.redactor = redactor;
			return this;
		}

		/** Sets what is told of every drop. */
		public Builder dropListener(DropListener dropListener) {
			this.dropListener = dropListener;
			return this;
		}

		/** Sets tells the time. */
		public Builder clock(Clock clock) {
			this.clock = clock;
			return this;
		}

		/**
		 * Returns the configuration.
		 * @throws IllegalArgumentException naming the value that is out of its bounds
		 */
		public WriterConfig build() {
			return new WriterConfig(this);
		}

	}

}
