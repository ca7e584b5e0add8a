package io.observatory.storage.autoconfigure;

import io.observatory.storage.config.DropListener;
import io.observatory.storage.deadletter.DeadLetterQueue;
import io.observatory.storage.model.Redactor;
import io.observatory.storage.spring.StorageDatabase;
import io.observatory.storage.spring.StorageSchema;
import io.observatory.storage.test.CapturedTelemetry;
import io.observatory.storage.writer.LogWriter;
import io.observatory.storage.writer.MetricWriter;
import io.observatory.storage.writer.TraceWriter;
import io.observatory.storage.writer.Writer;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * The writers, and access to their dead letters. The schema is a parameter so that it is
 * migrated first.
 */
@AutoConfiguration(after = StorageSchemaAutoConfiguration.class)
@ConditionalOnBean(StorageSchema.class)
public final class StorageWriterAutoConfiguration {

	@Bean
	WriterConfigs observatoryWriterConfigs(StorageProperties properties, StorageDatabase database, StorageSchema schema,
			ObjectProvider<Redactor> redactor, ObjectProvider<DropListener> dropListener,
			ObjectProvider<CapturedTelemetry> test) {
		Redactor configured = redactor.getIfAvailable(() -> Redactor.NONE);
		CapturedTelemetry captured = test.getIfAvailable();
		return new WriterConfigs(properties, database, (captured != null) ? captured.after(configured) : configured,
				dropListener.getIfUnique(() -> DropListener.NONE));
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnBooleanProperty(name = "observatory.storage.logs.enabled", matchIfMissing = true)
	LogWriter observatoryLogWriter(StorageDatabase database, WriterConfigs configs) {
		return pausedUnlessStorable(new LogWriter(database.dataSource(), configs.logs()), database);
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnBooleanProperty(name = "observatory.storage.metrics.enabled", matchIfMissing = true)
	MetricWriter observatoryMetricWriter(StorageDatabase database, WriterConfigs configs) {
		return pausedUnlessStorable(new MetricWriter(database.dataSource(), configs.metrics()), database);
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnBooleanProperty(name = "observatory.storage.traces.enabled", matchIfMissing = true)
	TraceWriter observatoryTraceWriter(StorageDatabase database, WriterConfigs configs) {
		return pausedUnlessStorable(new TraceWriter(database.dataSource(), configs.traces()), database);
	}

	@Bean
	@ConditionalOnMissingBean
	DeadLetterQueue observatoryDeadLetters(StorageDatabase database, StorageSchema schema) {
		return new DeadLetterQueue(database.dataSource(), schema.name());
	}

	/**
	 * If nothing can be stored, nothing is sent either; see {@link WriterConfigs}.
	 */
	private static <W extends Writer> W pausedUnlessStorable(W writer, StorageDatabase database) {
		if (!database.isPostgres()) {
			writer.pause();
		}
		return writer;
	}

}
