package io.observatory.storage.autoconfigure;

import java.time.Duration;
import java.util.regex.Pattern;

import io.observatory.storage.buffer.FullPolicy;
import io.observatory.storage.session.WriteMethod;
import io.observatory.storage.table.Layout;
import io.observatory.storage.upkeep.RetentionPeriods;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.StringUtils;
import org.springframework.util.unit.DataSize;

/**
 * The settings below {@code observatory.storage}. The defaults are those of
 * {@link io.observatory.storage.config.WriterConfig}.
 *
 * @param enabled Whether anything of this library is set up.
 * @param schema Database schema that holds the tables and the history of their
 * migrations.
 * @param layout Keys of the tables of traces and spans in a schema that is yet to be made
 * (source, partitioned). A schema that is there keeps its own, and another one set here
 * ends the application. By default that of the schema, and source for a new one.
 * @param datasource Connection pool of the writers' own; without a URL the application's
 * DataSource is used.
 * @param maxConnections Most connections that all writers together use at once. By
 * default 2 of the application's DataSource, or the size of the own pool.
 * @param migration Creation and update of the schema.
 * @param logs Writer of logs.
 * @param metrics Writer of metrics and their data points.
 * @param traces Writer of traces, spans and their events.
 * @param retry Retry of a batch after a transient error.
 * @param flushTimeout Longest time that a flush may take before its caller is told that
 * it has not succeeded yet.
 * @param closeTimeout Longest time that storing what is buffered may take when the
 * application ends.
 * @param synchronousCommit Whether a batch counts as stored only once the server has
 * written it to disk. If not, a crash of the server may lose what it reported as stored.
 * @param partitions Daily partitions of the append tables.
 * @param retention How long records are kept.
 * @param deadLetters Rows that the database refused.
 * @param health Health of the writers.
 */
@ConfigurationProperties(StorageProperties.PREFIX)
public record StorageProperties(@DefaultValue("true") boolean enabled, @DefaultValue("observatory") String schema,
		@Nullable Layout layout, @DefaultValue Pool datasource, @Nullable Integer maxConnections,
		@DefaultValue Migration migration, @DefaultValue Writer logs, @DefaultValue Writer metrics,
		@DefaultValue Writer traces, @DefaultValue Retry retry, @DefaultValue("30s") Duration flushTimeout,
		@DefaultValue("20s") Duration closeTimeout, @DefaultValue("true") boolean synchronousCommit,
		@DefaultValue Partitions partitions, @DefaultValue Retention retention, @DefaultValue DeadLetters deadLetters,
		@DefaultValue Health health) {

	/**
	 * The common start of the names.
	 */
	public static final String PREFIX = "observatory.storage";

	private static final int MAX_SHARED_CONNECTIONS = 2;

	private static final Pattern SCHEMA = Pattern.compile("(?!pg_)[A-Za-z_][A-Za-z0-9_]{0,62}");

	public StorageProperties {
		require(SCHEMA.matcher(schema).matches(), "schema",
				"must be 1 to 63 letters, digits or underscores, and start neither with a digit nor with pg_");
		require(maxConnections == null || maxConnections >= 1, "max-connections", "must be at least 1");
		requirePositive(flushTimeout, "flush-timeout");
		requirePositive(closeTimeout, "close-timeout");
		if (datasource.isConfigured()) {
			OwnPool.config(datasource);
		}
		logs.check("logs");
		metrics.check("metrics");
		traces.check("traces");
	}

	/**
	 * Most connections that all writers together use at once.
	 */
	int connectionLimit() {
		if (this.maxConnections != null) {
			return this.maxConnections;
		}
		return this.datasource.isConfigured() ? this.datasource.maximumPoolSize() : MAX_SHARED_CONNECTIONS;
	}

	private static void requirePositive(Duration value, String name) {
		require(!value.isNegative() && !value.isZero(), name, "must be longer than zero");
	}

	private static void require(boolean holds, String name, String rule) {
		if (!holds) {
			throw new IllegalArgumentException(PREFIX + "." + name + " " + rule);
		}
	}

	/**
	 * A pool of the writers' own.
	 *
	 * @param url JDBC URL of a PostgreSQL database. Set: the writers use a pool of their
	 * own.
	 * @param username Login name, unless it is in the URL.
	 * @param password Login password, unless it is in the URL.
	 * @param maximumPoolSize Most connections that the pool holds.
	 * @param minimumIdle Idle connections that the pool keeps ready. By default 5, or
	 * maximum-pool-size if that is less.
	 * @param connectionTimeout Longest wait for a connection.
	 * @param idleTimeout How long a connection may be idle before it is closed. By
	 * default 5m, or half of max-lifetime if that is less.
	 * @param maxLifetime How long a connection may live.
	 */
	public record Pool(@Nullable String url, @Nullable String username, @Nullable String password,
			@DefaultValue("20") int maximumPoolSize, @Nullable Integer minimumIdle,
			@DefaultValue("10s") Duration connectionTimeout, @Nullable Duration idleTimeout,
			@DefaultValue("30m") Duration maxLifetime) {

		/**
		 * Whether the writers are to have a pool of their own.
		 */
		public boolean isConfigured() {
			return StringUtils.hasText(this.url);
		}

		@Override
		public String toString() {
			return "Pool[maximumPoolSize=" + this.maximumPoolSize + "]";
		}

	}

	/**
	 * The schema's migration.
	 *
	 * @param enabled Whether the schema is created and updated when the application
	 * starts.
	 * @param onFailure What a failed migration does: fail ends the application, continue
	 * starts it, keeps the records in the buffer and tries again in the background. By
	 * default continue with an own pool, else fail.
	 */
	public record Migration(@DefaultValue("true") boolean enabled, @Nullable OnFailure onFailure) {

	}

	/**
	 * What a failed migration does.
	 */
	public enum OnFailure {

		/** The application does not start. */
		FAIL,

		/** The application starts; the migration is tried again in the background. */
		CONTINUE

	}

	/**
	 * One writer.
	 *
	 * @param enabled Whether the writer is set up.
	 * @param batchSize Number of buffered rows that makes the writer store them at once.
	 * @param flushInterval How often what is buffered is stored, however little it is.
	 * @param maxConcurrency Most batches that are stored at the same time.
	 * @param maxBatchRows Most rows in a batch.
	 * @param maxBatchBytes Most bytes in a batch.
	 * @param maxBufferRows Most rows in memory, those being stored included.
	 * @param maxBufferBytes Most bytes in memory, those being stored included. By default
	 * 64MB or 5 % of the heap, whichever is less.
	 * @param fullPolicy What a write does when the buffer is full: block for
	 * block-timeout and then throw, reject (throw at once), or drop-newest (drop and
	 * count).
	 * @param blockTimeout Longest time that a write waits for room in the buffer.
	 * @param writeMethod How rows get into the database: copy, insert, or auto (copy, and
	 * insert where the database does not allow copy).
	 */
	public record Writer(@DefaultValue("true") boolean enabled, @Nullable Integer batchSize,
			@DefaultValue("5s") Duration flushInterval, @DefaultValue("4") int maxConcurrency,
			@DefaultValue("10000") int maxBatchRows, @DefaultValue("8MB") DataSize maxBatchBytes,
			@DefaultValue("1000000") long maxBufferRows, @Nullable DataSize maxBufferBytes,
			@DefaultValue("block") FullPolicy fullPolicy, @DefaultValue("1s") Duration blockTimeout,
			@DefaultValue("auto") WriteMethod writeMethod) {

		private void check(String writer) {
			require(this.batchSize == null || this.batchSize >= 1, writer + ".batch-size", "must be at least 1");
			requirePositive(this.flushInterval, writer + ".flush-interval");
			require(this.maxConcurrency >= 1 && this.maxConcurrency <= 64, writer + ".max-concurrency",
					"must be between 1 and 64");
			require(this.maxBatchRows >= 1, writer + ".max-batch-rows", "must be at least 1");
			require(this.maxBatchBytes.toBytes() >= 1, writer + ".max-batch-bytes", "must be at least 1B");
			require(this.maxBufferRows >= 1, writer + ".max-buffer-rows", "must be at least 1");
			require(this.maxBufferBytes == null || this.maxBufferBytes.toBytes() >= 1, writer + ".max-buffer-bytes",
					"must be at least 1B");
			require(!this.blockTimeout.isNegative(), writer + ".block-timeout", "must not be negative");
		}

	}

	/**
	 * The retry of a batch.
	 *
	 * @param maxAttempts How often a batch is sent before those who wait for it are told.
	 * It stays, and is sent again in the background.
	 * @param initialBackoff Wait before the second attempt.
	 * @param multiplier Factor by which the wait grows.
	 * @param maxBackoff Longest wait between two attempts.
	 */
	public record Retry(@DefaultValue("4") int maxAttempts, @DefaultValue("200ms") Duration initialBackoff,
			@DefaultValue("2") double multiplier, @DefaultValue("2s") Duration maxBackoff) {

		public Retry {
			require(maxAttempts >= 1, "retry.max-attempts", "must be at least 1");
			requirePositive(initialBackoff, "retry.initial-backoff");
			require(multiplier >= 1 && multiplier <= 10, "retry.multiplier", "must be between 1 and 10");
			require(maxBackoff.compareTo(initialBackoff) >= 0, "retry.max-backoff",
					"must not be shorter than initial-backoff");
		}

	}

	/**
	 * The daily partitions.
	 *
	 * @param enabled Whether the application makes partitions; if not, something else has
	 * to.
	 * @param daysAhead For how many days ahead partitions are made.
	 * @param interval How often missing partitions are looked for, and the writers' lanes
	 * renewed.
	 */
	public record Partitions(@DefaultValue("true") boolean enabled, @DefaultValue("14") int daysAhead,
			@DefaultValue("1h") Duration interval) {

		public Partitions {
			require(daysAhead >= 8 && daysAhead <= 100, "partitions.days-ahead",
					"must be between 8 (records are accepted 7 days ahead) and 100");
			requirePositive(interval, "partitions.interval");
		}

	}

	/**
	 * How long records are kept. What is not set is kept for ever; what is older is
	 * neither taken nor kept.
	 *
	 * @param traces How long traces, spans and their events are kept, from 1d on. By
	 * default for ever.
	 * @param logs How long logs are kept, from 1d on. By default for ever.
	 * @param metrics How long data points are kept, from 1d on. By default for ever.
	 * @param deadLetters How long rows that the database refused are kept, from 1d on. By
	 * default for ever.
	 */
	public record Retention(@Nullable Duration traces, @Nullable Duration logs, @Nullable Duration metrics,
			@Nullable Duration deadLetters) {

		public Retention {
			check(traces, "traces");
			check(logs, "logs");
			check(metrics, "metrics");
			check(deadLetters, "dead-letters");
		}

		private static void check(@Nullable Duration period, String name) {
			require(period == null || RetentionPeriods.isValid(period), "retention." + name,
					"must lie between 1d and 36500d");
		}

		RetentionPeriods periods() {
			return new RetentionPeriods(this.traces, this.logs, this.metrics, this.deadLetters);
		}

	}

	/**
	 * The rows that the database refused.
	 *
	 * @param maxNumber Most rows in the table dead_letters. A writer that would have to
	 * put more there stops with its batch until some are replayed or purged.
	 */
	public record DeadLetters(@DefaultValue("100000") long maxNumber) {

		public DeadLetters {
			require(maxNumber >= 1, "dead-letters.max-number", "must be at least 1");
		}

	}

	/**
	 * The health of the writers.
	 *
	 * @param turnsDown Whether trouble of the writers turns the application's health
	 * DOWN. If not, it is shown as UNKNOWN, with the details.
	 * @param gracePeriod How long a writer may retry before that counts as trouble.
	 */
	public record Health(@DefaultValue("false") boolean turnsDown, @DefaultValue("30s") Duration gracePeriod) {

		public Health {
			require(!gracePeriod.isNegative(), "health.grace-period", "must not be negative");
		}

	}

}
