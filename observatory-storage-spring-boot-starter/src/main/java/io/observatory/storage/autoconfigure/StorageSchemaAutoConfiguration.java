package io.observatory.storage.autoconfigure;

import java.time.Clock;

import io.observatory.storage.autoconfigure.StorageProperties.OnFailure;
import io.observatory.storage.spring.StorageDatabase;
import io.observatory.storage.spring.StoragePartitions;
import io.observatory.storage.spring.StorageRetention;
import io.observatory.storage.spring.StorageSchema;
import io.observatory.storage.spring.StorageStartupException;
import io.observatory.storage.upkeep.Partitions;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ImportRuntimeHints;

/**
 * The schema: it is migrated before the first writer is created, its partitions are
 * created ahead, and old records are removed.
 */
@AutoConfiguration(after = StorageDataSourceAutoConfiguration.class)
@ConditionalOnBean(StorageDatabase.class)
@ImportRuntimeHints(StorageRuntimeHints.class)
public final class StorageSchemaAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	StorageSchema observatorySchema(StorageDatabase database, StorageProperties properties) {
		StorageProperties.Migration migration = properties.migration();
		StorageSchema schema = new StorageSchema(database, properties.schema(), properties.layout(),
				migration.enabled());
		if (onFailure(migration, database) == OnFailure.CONTINUE) {
			schema.tryMigrate();
		}
		else {
			migrate(schema, database);
		}
		schema.requireLayout();
		return schema;
	}

	private static OnFailure onFailure(StorageProperties.Migration migration, StorageDatabase database) {
		if (migration.onFailure() != null) {
			return migration.onFailure();
		}
		return database.isOwnPool() ? OnFailure.CONTINUE : OnFailure.FAIL;
	}

	private static void migrate(StorageSchema schema, StorageDatabase database) {
		try {
			schema.migrate();
		}
		catch (RuntimeException ex) {
			throw new StorageStartupException(
					"The schema " + schema.name() + " could not be migrated: " + schema.status().reason() + ".",
					action(database), ex);
		}
	}

	private static String action(StorageDatabase database) {
		String connection = database.isOwnPool() ? StorageProperties.PREFIX + ".datasource" : "spring.datasource";
		String address = database.address();
		return "If it is the connection, check %1$s.url%2$s, %1$s.username and %1$s.password. ".formatted(connection,
				(address != null) ? " (" + address + ")" : "")
				+ "Otherwise the schema's owner has to remove the cause. With "
				+ "observatory.storage.migration.on-failure=continue the application starts without the schema and tries "
				+ "again in the background; with observatory.storage.migration.enabled=false something else migrates.";
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnBooleanProperty(name = "observatory.storage.partitions.enabled", matchIfMissing = true)
	StoragePartitions observatoryPartitions(StorageDatabase database, StorageSchema schema,
			StorageProperties properties) {
		StorageProperties.Partitions partitions = properties.partitions();
		return new StoragePartitions(new Partitions(database.dataSource(), schema.name()), partitions.daysAhead(),
				partitions.interval());
	}

	@Bean
	@ConditionalOnMissingBean
	StorageRetention observatoryRetention(StorageDatabase database, StorageSchema schema,
			StorageProperties properties) {
		return new StorageRetention(database, schema.name(), properties.retention().periods(), Clock.systemUTC());
	}

}
