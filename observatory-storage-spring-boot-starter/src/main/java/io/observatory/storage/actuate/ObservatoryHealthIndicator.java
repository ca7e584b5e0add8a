package io.observatory.storage.actuate;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.observatory.storage.spring.StoragePartitions;
import io.observatory.storage.spring.StorageSchema;
import io.observatory.storage.stats.SpoolStats;
import io.observatory.storage.stats.WriteStats;
import io.observatory.storage.stats.WriterStatus;
import io.observatory.storage.writer.Writer;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/**
 * The health of the writers, from their own state; it makes no call to the database. A
 * problem is shown as UNKNOWN, which leaves the application UP because it works without
 * the writers, or as DOWN if so configured.
 */
public final class ObservatoryHealthIndicator extends AbstractHealthIndicator {

	/** With less room in a spool, it is time to do something. */
	private static final double MAX_SPOOL_USED = 0.8;

	private final List<Writer> writers;

	private final StorageSchema schema;

	private final @Nullable StoragePartitions partitions;

	private final Status trouble;

	private final Duration gracePeriod;

	private final Duration maxSpoolAge;

	private final Clock clock;

	public ObservatoryHealthIndicator(List<Writer> writers, StorageSchema schema,
			@Nullable StoragePartitions partitions, boolean turnsDown, Duration gracePeriod, Duration maxSpoolAge) {
		this(writers, schema, partitions, turnsDown, gracePeriod, maxSpoolAge, Clock.systemUTC());
	}

	ObservatoryHealthIndicator(List<Writer> writers, StorageSchema schema, @Nullable StoragePartitions partitions,
			boolean turnsDown, Duration gracePeriod, Duration maxSpoolAge, Clock clock) {
		this.writers = writers;
		this.schema = schema;
		this.partitions = partitions;
		this.trouble = turnsDown ? Status.DOWN : Status.UNKNOWN;
		this.gracePeriod = gracePeriod;
		this.maxSpoolAge = maxSpoolAge;
		this.clock = clock;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		StorageSchema.Status schema = this.schema.status();
		Integer ahead = (this.partitions != null) ? this.partitions.ahead() : null;
		boolean well = schema.isUsable() && (ahead == null || ahead >= StoragePartitions.FEW_DAYS);
		builder.withDetail("schema", describe(schema));
		if (ahead != null) {
			builder.withDetail("partitionsAhead", ahead);
		}
		for (Writer writer : this.writers) {
			WriterStatus status = writer.status();
			SpoolStats spool = writer.spoolStats();
			well &= isWell(status) && (spool == null || isWell(spool));
			builder.withDetail(writer.name(), describe(status, writer.writeStats(), spool));
		}
		builder.status(well ? Status.UP : this.trouble);
	}

	private boolean isWell(WriterStatus status) {
		return switch (status.state()) {
			case RUNNING, PAUSED -> true;
			case RETRYING -> isRecent(status.since());
			case STOPPED, FAILED, CLOSED -> false;
		};
	}

	private boolean isWell(SpoolStats spool) {
		return spool.used() < MAX_SPOOL_USED && spool.oldest().compareTo(this.maxSpoolAge) < 0;
	}

	/** What began in the future, by a clock that was set back, is not recent. */
	private boolean isRecent(@Nullable Instant since) {
		return since == null || Duration.between(since, this.clock.instant()).abs().compareTo(this.gracePeriod) < 0;
	}

	private static Map<String, Object> describe(StorageSchema.Status schema) {
		Map<String, Object> details = new LinkedHashMap<>();
		details.put("state", schema.state());
		putIfPresent(details, "reason", schema.reason());
		return details;
	}

	private static Map<String, Object> describe(WriterStatus status, WriteStats stats, @Nullable SpoolStats spool) {
		Map<String, Object> details = new LinkedHashMap<>();
		details.put("state", status.state());
		putIfPresent(details, "reason", status.reason());
		putIfPresent(details, "sqlState", status.sqlState());
		putIfPresent(details, "since", status.since());
		details.put("buffered", stats.buffered() + stats.inFlight());
		details.put("deadLettered", stats.deadLettered());
		details.put("dropped", stats.droppedTotal());
		details.put("lostByServer", stats.lostByServer());
		details.put("sentInDoubt", stats.sentInDoubt());
		putIfPresent(details, "spool", (spool != null) ? describe(spool) : null);
		return details;
	}

	private static Map<String, Object> describe(SpoolStats spool) {
		Map<String, Object> details = new LinkedHashMap<>();
		details.put("bytes", spool.bytes());
		details.put("maxBytes", spool.maxBytes());
		details.put("oldest", spool.oldest());
		putIfPresent(details, "roomLasts", spool.roomLasts());
		details.put("damagedRows", spool.damagedRows());
		return details;
	}

	private static void putIfPresent(Map<String, Object> details, String name, @Nullable Object value) {
		if (value != null) {
			details.put(name, value);
		}
	}

}
