package io.observatory.storage.autoconfigure;

import java.time.Duration;

import io.observatory.storage.buffer.FullPolicy;
import io.observatory.storage.config.DropListener;
import io.observatory.storage.config.RetryConfig;
import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.model.Redactor;
import io.observatory.storage.spring.StorageDatabase;

/**
 * Turns the properties into the writers' configurations. A property without a value keeps
 * the writer's default.
 */
final class WriterConfigs {

	private final StorageProperties properties;

	private final StorageDatabase database;

	private final Redactor redactor;

	private final DropListener dropListener;

	WriterConfigs(StorageProperties properties, StorageDatabase database, Redactor redactor,
			DropListener dropListener) {
		this.properties = properties;
		this.database = database;
		this.redactor = redactor;
		this.dropListener = dropListener;
	}

	WriterConfig logs() {
		return config(WriterConfig.logs().retention(this.properties.retention().logs()), this.properties.logs());
	}

	WriterConfig metrics() {
		return config(WriterConfig.metrics().retention(this.properties.retention().metrics()),
				this.properties.metrics());
	}

	WriterConfig traces() {
		return config(WriterConfig.traces().retention(this.properties.retention().traces()), this.properties.traces());
	}

	private WriterConfig config(WriterConfig.Builder builder, StorageProperties.Writer writer) {
		apply(writer, builder);
		applyCommon(builder);
		if (!this.database.isPostgres()) {
			discard(builder);
		}
		return builder.build();
	}

	private static void apply(StorageProperties.Writer writer, WriterConfig.Builder builder) {
		if (writer.batchSize() != null) {
			builder.batchSize(writer.batchSize());
		}
		if (writer.maxBufferBytes() != null) {
			builder.maxBufferBytes(writer.maxBufferBytes().toBytes());
		}
		builder.flushInterval(writer.flushInterval())
			.maxConcurrency(writer.maxConcurrency())
			.maxBatchRows(writer.maxBatchRows())
			.maxBatchBytes(writer.maxBatchBytes().toBytes())
			.maxBufferRows(writer.maxBufferRows())
			.fullPolicy(writer.fullPolicy())
			.blockTimeout(writer.blockTimeout())
			.writeMethod(writer.writeMethod());
	}

	private void applyCommon(WriterConfig.Builder builder) {
		StorageProperties.Retry retry = this.properties.retry();
		builder.schema(this.properties.schema())
			.spool(this.properties.spool().config())
			.retry(new RetryConfig(retry.maxAttempts(), retry.initialBackoff(), retry.multiplier(), retry.maxBackoff()))
			.flushTimeout(this.properties.flushTimeout())
			.closeTimeout(this.properties.closeTimeout())
			.synchronousCommit(this.properties.synchronousCommit())
			.connectionLimit(this.database.connectionLimit())
			.maxDeadLetters(this.properties.deadLetters().maxNumber())
			.redactor(this.redactor)
			.dropListener(this.dropListener);
	}

	/**
	 * The configuration for a database that is not PostgreSQL, as in tests of an
	 * application. The writers are paused, no write fails, and neither a flush nor the
	 * end of the application waits.
	 */
	private static void discard(WriterConfig.Builder builder) {
		builder.spool(null)
			.fullPolicy(FullPolicy.DROP_NEWEST)
			.flushTimeout(Duration.ofMillis(1))
			.closeTimeout(Duration.ZERO);
	}

}
