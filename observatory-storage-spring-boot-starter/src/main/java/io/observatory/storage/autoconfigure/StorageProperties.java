package io.observatory.storage.autoconfigure;

import java.io.File;
import java.time.Duration;
import java.util.regex.Pattern;

import io.observatory.storage.autoconfigure.connection.StorageConnectionDetails;
import io.observatory.storage.buffer.FullPolicy;
import io.observatory.storage.config.SpoolConfig;
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
 * @param enabled Whether this library is set up at all.
 * @param schema Database schema of the tables and of their migration history.
 * @param layout Keys of the tables of traces and spans in a new schema (source,
 * partitioned). An existing schema keeps its layout; if another one is set, the
 * application does not start. By default the layout of the schema, and partitioned for a
 * new one.
 * @param datasource Connection pool for the writers alone. Without a URL they use the
 * application's DataSource.
 * @param maxConnections Maximum number of connections that all writers together use at
 * the same time. By default 2 with the application's DataSource, and the size of the pool
 * with a pool of their own.
 * @param migration Creation and update of the schema.
 * @param logs Writer of logs.
 * @param metrics Writer of metrics and their data points.
 * @param traces Writer of traces, spans and their events.
 * @param spool Buffers of the writers on disk.
 * @param retry Retry of a batch after a transient error.
 * @param flushTimeout Maximum duration of a flush, and of each transaction. A flush that
 * takes longer fails; its records stay in the buffer and are sent again.
 * @param closeTimeout Maximum time for storing the buffered records when the application
 * ends.
 * @param synchronousCommit Whether a batch counts as stored only when the server has
 * written it to disk. If false, a crash of the server may lose the last batches that were
 * reported as stored.
 * @param partitions Daily partitions of the append tables.
 * @param retention How long records are kept.
 * @param deadLetters Rows that the database refused.
 * @param health Health of the writers.
 */
@ConfigurationProperties(StorageProperties.PREFIX)
public record StorageProperties(@DefaultValue("true") boolean enabled, @DefaultValue("observatory") String schema,
		@Nullable Layout layout, @DefaultValue Pool datasource, @Nullable Integer maxConnections,
		@DefaultValue Migration migration, @DefaultValue Writer logs, @DefaultValue Writer metrics,
		@DefaultValue Writer traces, @DefaultValue Spool spool, @DefaultValue Retry retry,
		@DefaultValue("30s") Duration flushTimeout, @DefaultValue("20s") Duration closeTimeout,
		@DefaultValue("true") boolean synchronousCommit, @DefaultValue Partitions partitions,
		@DefaultValue Retention retention, @DefaultValue DeadLetters deadLetters, @DefaultValue Health health) {

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
		spool.check(Math.max(logs.maxConcurrency(), Math.max(metrics.maxConcurrency(), traces.maxConcurrency())));
	}

	/**
	 * Most connections that all writers together use at once.
	 * @param ownPool whether they have a pool of their own
	 */
	int connectionLimit(boolean ownPool) {
		if (this.maxConnections != null) {
			return this.maxConnections;
		}
		return ownPool ? this.datasource.maximumPoolSize() : MAX_SHARED_CONNECTIONS;
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
	 * A connection pool for the writers alone.
	 *
	 * @param url JDBC URL of a PostgreSQL database. If set, the writers use a connection
	 * pool of their own.
	 * @param username Login name, unless the URL has it.
	 * @param password Login password, unless the URL has it.
	 * @param maximumPoolSize Maximum number of connections in the pool.
	 * @param minimumIdle Number of idle connections that the pool keeps ready. By default
	 * 5, or maximum-pool-size if that is less.
	 * @param connectionTimeout Maximum wait for a connection.
	 * @param idleTimeout How long a connection may be idle before it is closed. By
	 * default 5m, or half of max-lifetime if that is less.
	 * @param maxLifetime Maximum lifetime of a connection.
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

		/**
		 * Returns the same pool with another database, or this one if none is given.
		 */
		Pool connectedTo(@Nullable StorageConnectionDetails database) {
			return (database == null) ? this
					: new Pool(database.getJdbcUrl(), database.getUsername(), database.getPassword(),
							this.maximumPoolSize, this.minimumIdle, this.connectionTimeout, this.idleTimeout,
							this.maxLifetime);
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
	 * @param onFailure What happens when the migration fails: fail ends the application;
	 * continue starts it, keeps records in the buffer and tries again in the background.
	 * By default continue with a pool of the writers' own, else fail.
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
	 * @param batchSize Number of buffered rows at which the writer stores them without
	 * waiting for flush-interval.
	 * @param flushInterval How often buffered rows are stored, even if there are few.
	 * @param maxConcurrency Maximum number of batches that are stored at the same time.
	 * @param maxBatchRows Maximum number of rows in a batch.
	 * @param maxBatchBytes Maximum size of a batch.
	 * @param maxBufferRows Maximum number of rows in memory, including those that are
	 * being stored.
	 * @param maxBufferBytes Maximum size of the rows in memory, including those that are
	 * being stored. By default 64MB or 5 % of the heap, whichever is less.
	 * @param fullPolicy What a write does when the buffer is full: block waits up to
	 * block-timeout and then throws, reject throws at once, drop-newest drops the record
	 * and counts it.
	 * @param blockTimeout Maximum time that a write waits for room in the buffer.
	 * @param writeMethod How rows are written: copy, insert, or auto, which uses copy and
	 * falls back to insert where the database does not allow copy.
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
	 * The buffers on disk.
	 *
	 * @param directory Directory on a local disk in which the writers keep records until
	 * they are stored, so that they outlive the process. Several applications and
	 * instances may share it. Without it, records are buffered in memory.
	 * @param level What accepted records survive: process is the end of the process (kill
	 * -9, out of memory), machine is a power cut as well.
	 * @param maxBytes Maximum size of the files of each writer.
	 * @param syncInterval With the level machine, maximum time until an accepted record
	 * is on the disk. With 0, each write waits for the disk.
	 * @param keepSent How long records are kept after they were stored. If the database
	 * loses its last commits in a failover, they are sent again.
	 */
	public record Spool(@Nullable File directory, @DefaultValue("process") SpoolConfig.Level level,
			@DefaultValue("1GB") DataSize maxBytes, @DefaultValue("0s") Duration syncInterval,
			@DefaultValue("10m") Duration keepSent) {

		private void check(int slots) {
			require(this.maxBytes.toBytes() >= slots * SpoolConfig.MIN_BYTES_A_SLOT, "spool.max-bytes",
					"must be at least 16MB for each batch that a writer stores at the same time (max-concurrency)");
			require(!this.syncInterval.isNegative() && this.syncInterval.compareTo(SpoolConfig.MAX_SYNC_INTERVAL) <= 0,
					"spool.sync-interval", "must be between 0s and 1m");
			require(this.syncInterval.isZero() || this.level == SpoolConfig.Level.MACHINE, "spool.sync-interval",
					"needs the level machine");
			require(!this.keepSent.isNegative() && this.keepSent.compareTo(SpoolConfig.MAX_KEEP_SENT) <= 0,
					"spool.keep-sent", "must be between 0s and 1d");
		}

		@Nullable SpoolConfig config() {
			return (this.directory != null && !this.directory.getPath().isEmpty())
					? new SpoolConfig(this.directory.toPath(), this.level, this.maxBytes.toBytes(), this.syncInterval,
							this.keepSent)
					: null;
		}

	}

	/**
	 * The retry of a batch.
	 *
	 * @param maxAttempts How often a batch is sent before a waiting flush fails. The
	 * batch is kept and sent again in the background.
	 * @param initialBackoff Wait before the second attempt.
	 * @param multiplier Factor by which the wait grows from one attempt to the next.
	 * @param maxBackoff Maximum wait between two attempts.
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
	 * @param enabled Whether the application creates the partitions. If false, something
	 * else has to.
	 * @param daysAhead Number of days ahead for which partitions are created.
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
	 * How long records are kept. Records for which nothing is set are kept for ever. A
	 * record that is older when it is written is dropped.
	 *
	 * @param traces How long traces, spans, their events and scores are kept, at least
	 * 1d. By default for ever.
	 * @param logs How long logs are kept, at least 1d. By default for ever.
	 * @param metrics How long data points are kept, at least 1d. By default for ever.
	 * @param deadLetters How long rows that the database refused are kept, at least 1d.
	 * By default for ever.
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
	 * @param maxNumber Maximum number of rows in the table dead_letters. A writer that
	 * would exceed it stops and keeps its batch until dead letters are replayed or
	 * purged.
	 */
	public record DeadLetters(@DefaultValue("100000") long maxNumber) {

		public DeadLetters {
			require(maxNumber >= 1, "dead-letters.max-number", "must be at least 1");
		}

	}

	/**
	 * The health of the writers.
	 *
	 * @param turnsDown Whether a problem of the writers turns the application's health
	 * DOWN. If false, it is shown as UNKNOWN, with the details.
	 * @param gracePeriod How long a writer may retry before that counts as a problem.
	 * @param maxSpoolAge How long a record may wait in a spool before that counts as a
	 * problem.
	 */
	public record Health(@DefaultValue("false") boolean turnsDown, @DefaultValue("30s") Duration gracePeriod,
			@DefaultValue("10m") Duration maxSpoolAge) {

		public Health {
			require(!gracePeriod.isNegative(), "health.grace-period", "must not be negative");
			requirePositive(maxSpoolAge, "health.max-spool-age");
		}

	}

}
