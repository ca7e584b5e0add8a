package io.observatory.storage.config;

import java.time.Clock;
import java.time.Duration;

import io.observatory.storage.buffer.FullPolicy;
import io.observatory.storage.model.Redactor;
import io.observatory.storage.row.InputPolicy;
import io.observatory.storage.session.ConnectionLimit;
import io.observatory.storage.session.WriteMethod;
import io.observatory.storage.table.Schema;
import io.observatory.storage.upkeep.RetentionPeriods;
import org.jspecify.annotations.Nullable;

/**
 * The values of a {@link WriterConfig}, which says what they mean, and their bounds.
 */
final class WriterSettings implements Cloneable {

	int batchSize = WriterConfig.DEFAULT_LOG_BATCH_SIZE;

	Duration flushInterval = WriterConfig.DEFAULT_FLUSH_INTERVAL;

	int maxConcurrency = WriterConfig.DEFAULT_MAX_CONCURRENCY;

	int maxBatchRows = WriterConfig.DEFAULT_MAX_BATCH_ROWS;

	long maxBatchBytes = WriterConfig.DEFAULT_MAX_BATCH_BYTES;

	long maxBufferRows = WriterConfig.DEFAULT_MAX_BUFFER_ROWS;

	long maxBufferBytes = WriterConfig.defaultMaxBufferBytes();

	FullPolicy fullPolicy = FullPolicy.BLOCK;

	Duration blockTimeout = WriterConfig.DEFAULT_BLOCK_TIMEOUT;

	@Nullable SpoolConfig spool;

	WriteMethod writeMethod = WriteMethod.AUTO;

	String schema = WriterConfig.DEFAULT_SCHEMA;

	RetryConfig retry = RetryConfig.DEFAULT;

	Duration flushTimeout = WriterConfig.DEFAULT_FLUSH_TIMEOUT;

	Duration closeTimeout = WriterConfig.DEFAULT_CLOSE_TIMEOUT;

	boolean synchronousCommit = true;

	ConnectionLimit connectionLimit = ConnectionLimit.none();

	long maxDeadLetters = WriterConfig.DEFAULT_MAX_DEAD_LETTERS;

	InputPolicy input = InputPolicy.DEFAULT;

	@Nullable Duration retention;

	Redactor redactor = Redactor.NONE;

	DropListener dropListener = DropListener.NONE;

	Clock clock = Clock.systemUTC();

	void check() {
		StorageConfig.check(this.batchSize >= 1, "batchSize must be at least 1");
		StorageConfig.check(this.flushInterval.toMillis() >= 1, "flushInterval must be at least 1 ms");
		StorageConfig.check(this.maxConcurrency >= 1 && this.maxConcurrency <= 64,
				"maxConcurrency must lie between 1 and 64");
		StorageConfig.check(this.maxBatchRows >= 1, "maxBatchRows must be at least 1");
		StorageConfig.check(this.maxBatchBytes >= 1, "maxBatchBytes must be at least 1");
		StorageConfig.check(this.maxBufferRows >= 1, "maxBufferRows must be at least 1");
		StorageConfig.check(this.maxBufferBytes >= 1, "maxBufferBytes must be at least 1");
		StorageConfig.check(this.maxDeadLetters >= 1, "maxDeadLetters must be at least 1");
		StorageConfig.check(!this.blockTimeout.isNegative(), "blockTimeout must not be negative");
		StorageConfig.check(this.flushTimeout.toMillis() >= 1, "flushTimeout must be at least 1 ms");
		StorageConfig.check(!this.closeTimeout.isNegative(), "closeTimeout must not be negative");
		StorageConfig.check(this.retention == null || RetentionPeriods.isValid(this.retention),
				"retention must lie between 1 and 36500 days");
		if (this.spool != null) {
			this.spool.check(this.maxConcurrency);
		}
		new Schema(this.schema);
	}

	WriterSettings copy() {
		try {
			return (WriterSettings) clone();
		}
		catch (CloneNotSupportedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
