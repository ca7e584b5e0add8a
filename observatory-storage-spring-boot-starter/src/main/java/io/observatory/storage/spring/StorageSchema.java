package io.observatory.storage.spring;

import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;

import io.observatory.storage.session.Untraced;
import io.observatory.storage.table.Layout;
import io.observatory.storage.table.Schema;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.output.MigrateResult;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The schema of the writers. A separate Flyway migrates it, with its own location, schema
 * and history table. That Flyway is not a bean, because a Flyway bean would switch off
 * the application's own migrations.
 */
public final class StorageSchema {

	/**
	 * The state of the schema.
	 */
	public enum State {

		/** The migration has not succeeded yet. It is tried again. */
		PENDING,

		/** Up to date. */
		READY,

		/** Migrated by something else. */
		UNMANAGED,

		/** The database is not PostgreSQL. */
		UNSUPPORTED

	}

	/**
	 * The status of the schema.
	 *
	 * @param state Its state.
	 * @param reason Why the last migration failed, or null.
	 */
	public record Status(State state, @Nullable String reason) {

		/**
		 * Whether the tables exist, as far as known.
		 */
		public boolean isUsable() {
			return this.state == State.READY || this.state == State.UNMANAGED;
		}

	}

	private static final Logger logger = LoggerFactory.getLogger(StorageSchema.class);

	/** Before the first release its file was replaced. */
	private static final String DEVELOPMENT = "V1__observatory.sql";

	private final StorageDatabase database;

	private final String name;

	private final @Nullable Layout layout;

	private final ReentrantLock migration = new ReentrantLock();

	private volatile Status status;

	/**
	 * Makes it; nothing is asked of the database yet.
	 * @param layout how a new schema is laid out, and one that is there has to be; null
	 * for whatever it is
	 * @param managed whether it is ours to migrate
	 */
	public StorageSchema(StorageDatabase database, String name, @Nullable Layout layout, boolean managed) {
		this.database = database;
		this.name = name;
		this.layout = layout;
		this.status = new Status(initialState(database, managed), null);
	}

	private static State initialState(StorageDatabase database, boolean managed) {
		if (!database.isPostgres()) {
			return State.UNSUPPORTED;
		}
		return managed ? State.PENDING : State.UNMANAGED;
	}

	public String name() {
		return this.name;
	}

	public Status status() {
		return this.status;
	}

	/**
	 * Migrates, unless that is done, in progress, or switched off.
	 * @throws RuntimeException when it fails; its type depends on Flyway and the
	 * DataSource
	 */
	public void migrate() {
		if (this.status.state() != State.PENDING || !this.migration.tryLock()) {
			return;
		}
		try {
			Untraced.call(() -> migrate(flyway(layout())));
			this.status = new Status(State.READY, null);
		}
		catch (RuntimeException ex) {
			this.status = new Status(State.PENDING, FailureReason.of(ex));
			throw ex;
		}
		finally {
			this.migration.unlock();
		}
	}

	/**
	 * Like {@link #migrate()}, but logs a failure, once as long as its reason is the
	 * same.
	 */
	public void tryMigrate() {
		Status before = this.status;
		try {
			migrate();
			if (before.reason() != null && this.status.state() == State.READY) {
				logger.info("The schema {} is up to date now", this.name);
			}
		}
		catch (RuntimeException ex) {
			String reason = this.status.reason();
			if (reason != null && !reason.equals(before.reason()) && !Thread.currentThread().isInterrupted()) {
				logger.warn("The schema {} could not be migrated: {}. Records stay in the buffers; the migration is "
						+ "tried again.", this.name, reason);
			}
		}
	}

	private MigrateResult migrate(Flyway flyway) {
		if (Arrays.stream(flyway.info().applied()).anyMatch((done) -> DEVELOPMENT.equals(done.getScript()))) {
			throw new FlywayException("the schema was made by a development version, from which no migration leads on. "
					+ "Rename it (ALTER SCHEMA … RENAME TO …) or drop it, and a new one is made; docs/configuration.md "
					+ "says how to take over what it holds");
		}
		return flyway.migrate();
	}

	/** A schema keeps the layout that it was made with. */
	private Layout layout() {
		Layout stored = stored();
		if (isOther(stored)) {
			throw new FlywayException(otherLayout(stored));
		}
		return (stored != null) ? stored : (this.layout != null) ? this.layout : Layout.PARTITIONED;
	}

	/**
	 * Requires that a schema that is there has the configured layout, whoever migrates
	 * it. One that cannot be asked now is left to the writers, which need not know.
	 * @throws StorageStartupException when it has another one
	 */
	public void requireLayout() {
		if (this.layout == null || this.status.state() == State.READY || !this.database.isPostgres()) {
			return;
		}
		Layout stored = null;
		try {
			stored = Untraced.call(this::stored);
		}
		catch (DataAccessException ex) {
			logger.debug("The layout of the schema {} is not known: {}", this.name, FailureReason.of(ex));
		}
		if (isOther(stored)) {
			throw new StorageStartupException(
					"The schema " + this.name + " is not as configured: " + otherLayout(stored),
					"Correct observatory.storage.layout, or remove it.", null);
		}
	}

	private @Nullable Layout stored() {
		return new JdbcTemplate(this.database.dataSource())
			.queryForList(Layout.query(new Schema(this.name)), String.class)
			.stream()
			.map(Layout::of)
			.findFirst()
			.orElse(null);
	}

	private boolean isOther(@Nullable Layout stored) {
		return stored != null && this.layout != null && stored != this.layout;
	}

	private String otherLayout(@Nullable Layout stored) {
		return "it has the layout " + name(stored) + ", and observatory.storage.layout is " + name(this.layout)
				+ ". A schema keeps its layout: leave the property out, name a new schema, or move its spans "
				+ "(docs/configuration.md)";
	}

	private static String name(@Nullable Layout layout) {
		return (layout != null) ? layout.text() : "unknown";
	}

	private Flyway flyway(Layout layout) {
		return Flyway.configure(StorageSchema.class.getClassLoader())
			.dataSource(this.database.dataSource())
			.locations(layout.migrations().stream().map((folder) -> "classpath:" + folder).toArray(String[]::new))
			.failOnMissingLocations(true)
			.defaultSchema(this.name)
			.schemas(this.name)
			.table("observatory_schema_history")
			.placeholderReplacement(false)
			.cleanDisabled(true)
			.load();
	}

}
