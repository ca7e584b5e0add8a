package io.observatory.storage.autoconfigure;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import io.observatory.storage.config.DropListener;
import io.observatory.storage.config.SpoolConfig;
import io.observatory.storage.config.StorageConfig;
import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.model.Redactor;
import io.observatory.storage.session.ConnectionLimit;
import io.observatory.storage.spring.StorageDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class StoragePropertiesTest {

	@Test
	void defaultsAreThoseOfTheWriters() {
		WriterConfigs configs = new WriterConfigs(bind(Map.of()),
				StorageDatabase.shared(new SimpleDriverDataSource(), 2), Redactor.NONE, DropListener.NONE);
		assertSame(configs.logs(), WriterConfig.logs().build());
		assertSame(configs.metrics(), WriterConfig.metrics().build());
		assertSame(configs.traces(), WriterConfig.traces().build());
	}

	/**
	 * All settings but the bound on connections, which a shared pool needs and a lone
	 * writer does not.
	 */
	private static void assertSame(WriterConfig ours, WriterConfig writers) {
		assertThat(ours.toBuilder().connectionLimit(writers.connectionLimit()).build()).usingRecursiveComparison()
			.isEqualTo(writers);
		assertThat(ours.connectionLimit()).isInstanceOf(ConnectionLimit.class);
	}

	@Test
	void aSpoolHasTheDefaultsOfTheWriters() {
		WriterConfigs configs = new WriterConfigs(bind(Map.of("spool.directory", "spool")),
				StorageDatabase.shared(new SimpleDriverDataSource(), 2), Redactor.NONE, DropListener.NONE);
		assertThat(configs.logs().spool()).isEqualTo(SpoolConfig.in(Path.of("spool")));
	}

	@Test
	void aSpoolIsAsItIsSet() {
		StorageProperties properties = bind(Map.of("spool.directory", "/var/spool/app", "spool.level", "machine",
				"spool.max-bytes", "3GB", "spool.sync-interval", "20ms", "spool.keep-sent", "1h"));
		assertThat(properties.spool().config()).isEqualTo(new SpoolConfig(Path.of("/var/spool/app"),
				SpoolConfig.Level.MACHINE, 3L << 30, Duration.ofMillis(20), Duration.ofHours(1)));
	}

	@Test
	void ownPoolHasTheDefaultsOfTheStandalonePool() {
		String url = "jdbc:postgresql://db/app";
		StorageConfig ours = OwnPool
			.config(bind(Map.of("datasource.url", url, "datasource.username", "app")).datasource());
		assertThat(ours).usingRecursiveComparison()
			.isEqualTo(StorageConfig.fromEnv(Map.of("DATABASE_URL", url, "DB_USER", "app")));
	}

	@Test
	void defaultsOfTheOwnPoolGiveWayToWhatIsSet() {
		StorageConfig small = OwnPool
			.config(bind(Map.of("datasource.url", "jdbc:postgresql://db/app", "datasource.username", "app",
					"datasource.maximum-pool-size", "3", "datasource.max-lifetime", "1m"))
				.datasource());
		assertThat(small.minPoolSize()).isEqualTo(3);
		assertThat(small.idleTimeout()).hasSeconds(30);
	}

	@Test
	void connectionsAreFewOnASharedPoolAndAllOfAnOwnOne() {
		assertThat(bind(Map.of()).connectionLimit(false)).isEqualTo(2);
		assertThat(
				bind(Map.of("datasource.url", "jdbc:postgresql://db/app?user=app", "datasource.maximum-pool-size", "7"))
					.connectionLimit(true))
			.isEqualTo(7);
		assertThat(bind(Map.of("max-connections", "3")).connectionLimit(true)).isEqualTo(3);
	}

	@Test
	void anEmptyUrlIsNone() {
		assertThat(bind(Map.of("datasource.url", "")).datasource().isConfigured()).isFalse();
	}

	@Test
	void anEmptyDirectoryIsNone() {
		assertThat(bind(Map.of("spool.directory", "")).spool().config()).isNull();
	}

	@ParameterizedTest
	@CsvSource(textBlock = """
			schema,                         no-dashes
			schema,                         pg_mine
			max-connections,                0
			flush-timeout,                  0s
			close-timeout,                  -1s
			datasource.url,                 jdbc:mysql://db/app
			datasource.url,                 jdbc:postgresql://db:port/app
			datasource.username,            ''
			datasource.maximum-pool-size,   0
			datasource.minimum-idle,        21
			datasource.connection-timeout,  1ms
			datasource.idle-timeout,        1s
			datasource.idle-timeout,        1h
			datasource.max-lifetime,        1s
			logs.batch-size,                0
			metrics.flush-interval,         0s
			traces.max-concurrency,         0
			logs.max-batch-rows,            0
			logs.max-batch-bytes,           0B
			metrics.max-buffer-rows,        0
			traces.max-buffer-bytes,        0B
			traces.block-timeout,           -1s
			spool.level,                    disk
			spool.max-bytes,                15MB
			spool.sync-interval,            5ms
			spool.sync-interval,            61s
			spool.keep-sent,                -1s
			spool.keep-sent,                25h
			retry.max-attempts,             0
			retry.initial-backoff,          0s
			retry.multiplier,               0.5
			retry.max-backoff,              1ms
			partitions.days-ahead,          7
			partitions.days-ahead,          101
			partitions.interval,            0s
			dead-letters.max-number,        0
			retention.traces,               23h
			retention.logs,                 0s
			retention.metrics,              -7d
			retention.dead-letters,         36501d
			health.grace-period,            -1s
			health.max-spool-age,           0s
			logs.full-policy,               perhaps
			logs.write-method,              perhaps
			migration.on-failure,           perhaps
			logs.batch-size,                many
			""")
	void aBadValueFailsAndNamesItsProperty(String name, String value) {
		Map<String, Object> values = new HashMap<>(
				Map.of("datasource.url", "jdbc:postgresql://db/app", "datasource.username", "app"));
		values.put(name, value);
		assertThatThrownBy(() -> bind(values)).satisfies((failure) -> {
			StringBuilder messages = new StringBuilder();
			for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
				messages.append(cause.getMessage()).append('\n');
			}
			assertThat(messages).contains("observatory.storage." + name);
		});
	}

	@Test
	void noMessageShowsAPassword() {
		assertThatThrownBy(() -> bind(Map.of("datasource.url", "jdbc:postgresql://db:port/app?password=hunter2")))
			.hasStackTraceContaining("observatory.storage.datasource.url")
			.satisfies((failure) -> assertThat(failure.getCause()).hasMessageNotContaining("hunter2"));
		assertThat(bind(Map.of("datasource.url", "jdbc:postgresql://db/app?user=app&password=hunter2",
				"datasource.password", "hunter2")))
			.asString()
			.doesNotContain("hunter2");
	}

	@Test
	void environmentVariablesBind() {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources()
			.replace(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
					new SystemEnvironmentPropertySource(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
							Map.of("OBSERVATORY_STORAGE_LOGS_BATCHSIZE", "7",
									"OBSERVATORY_STORAGE_DATASOURCE_MAXIMUMPOOLSIZE", "8")));
		StorageProperties properties = bind(environment);
		assertThat(properties.logs().batchSize()).isEqualTo(7);
		assertThat(properties.datasource().maximumPoolSize()).isEqualTo(8);
	}

	private static StorageProperties bind(Map<String, Object> values) {
		StandardEnvironment environment = new StandardEnvironment();
		Map<String, Object> prefixed = new HashMap<>();
		values.forEach((name, value) -> prefixed.put(StorageProperties.PREFIX + "." + name, value));
		environment.getPropertySources().addFirst(new MapPropertySource("test", prefixed));
		return bind(environment);
	}

	private static StorageProperties bind(StandardEnvironment environment) {
		ConfigurationPropertySources.attach(environment);
		return Binder.get(environment).bindOrCreate(StorageProperties.PREFIX, Bindable.of(StorageProperties.class));
	}

}
