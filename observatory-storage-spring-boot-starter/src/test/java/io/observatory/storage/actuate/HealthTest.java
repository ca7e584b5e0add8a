package io.observatory.storage.actuate;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.engine.AutoFlush;
import io.observatory.storage.spring.StorageDatabase;
import io.observatory.storage.spring.StorageSchema;
import io.observatory.storage.stats.BufferStats;
import io.observatory.storage.stats.FlushLatency;
import io.observatory.storage.stats.FlushResult;
import io.observatory.storage.stats.SpoolStats;
import io.observatory.storage.stats.WriteStats;
import io.observatory.storage.stats.WriterStatus;
import io.observatory.storage.stats.WriterStatus.State;
import io.observatory.storage.writer.Writer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;

import static org.assertj.core.api.Assertions.assertThat;

class HealthTest {

	private static final Instant NOW = Instant.parse("2025-01-01T12:00:00Z");

	@ParameterizedTest
	@CsvSource({ "RUNNING, 0, UP", "PAUSED, 0, UP", "RETRYING, 29, UP", "RETRYING, 30, UNKNOWN", "STOPPED, 0, UNKNOWN",
			"CLOSED, 0, UNKNOWN", "RETRYING, -600000, UNKNOWN" })
	void troubleIsUnknown(State state, int seconds, String expected) {
		assertThat(health(state, seconds, false).getStatus()).isEqualTo(new Status(expected));
	}

	@ParameterizedTest
	@CsvSource({ "RUNNING, 0, UP", "RETRYING, 29, UP", "RETRYING, 30, DOWN", "STOPPED, 0, DOWN" })
	void troubleIsDownWhenThatIsWanted(State state, int seconds, String expected) {
		assertThat(health(state, seconds, true).getStatus()).isEqualTo(new Status(expected));
	}

	@Test
	void detailsSayWhatIsTheMatter() {
		assertThat(health(State.STOPPED, 5, false).getDetails().get("logs")).asString()
			.contains("state=STOPPED", "reason=no such table", "sqlState=42P01", "since=2025-01-01T11:59:55Z",
					"buffered=3", "deadLettered=4", "dropped=0");
	}

	@ParameterizedTest
	@CsvSource({ "10, 599, UP", "79, 0, UP", "80, 0, UNKNOWN", "10, 600, UNKNOWN" })
	void aSpoolThatIsNearlyFullOrHasOldRecordsIsTrouble(long percent, long seconds, String expected) {
		SpoolStats spool = new SpoolStats(5, percent, 90, 100, Duration.ofSeconds(seconds), 2, Duration.ofSeconds(45),
				0, 0);
		Health health = health(new Shown(new WriterStatus(State.RUNNING, null, null, null), spool), false);
		assertThat(health.getStatus()).isEqualTo(new Status(expected));
		assertThat(health.getDetails().get("logs")).asString()
			.contains("bytes=" + percent, "maxBytes=100", "roomLasts=PT45S", "damagedRows=0");
	}

	private static Health health(State state, int seconds, boolean turnsDown) {
		return health(new Shown(new WriterStatus(state, "no such table", "42P01", NOW.minusSeconds(seconds)), null),
				turnsDown);
	}

	private static Health health(Writer writer, boolean turnsDown) {
		StorageSchema schema = new StorageSchema(StorageDatabase.shared(new SimpleDriverDataSource(), 1), "observatory",
				null, false);
		Health health = new ObservatoryHealthIndicator(List.of(writer), schema, null, turnsDown, Duration.ofSeconds(30),
				Duration.ofMinutes(10), Clock.fixed(NOW, ZoneOffset.UTC))
			.health(true);
		assertThat(health).isNotNull();
		return health;
	}

	/**
	 * A writer that has a status.
	 */
	private record Shown(WriterStatus status, @Nullable SpoolStats spoolStats) implements Writer {

		@Override
		public String name() {
			return "logs";
		}

		@Override
		public WriteStats writeStats() {
			return new WriteStats(10, 0, 3, 4, Map.of(), 2, 1, 0, 0, 0, 1, 0, 0, 0, 0,
					new FlushLatency(0, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO));
		}

		@Override
		public void renewLanes() {
			throw new UnsupportedOperationException();
		}

		@Override
		public FlushResult flush() {
			throw new UnsupportedOperationException();
		}

		@Override
		public CompletableFuture<FlushResult> flushAsync() {
			throw new UnsupportedOperationException();
		}

		@Override
		public void requestFlush() {
		}

		@Override
		public AutoFlush startAutoFlush() {
			throw new UnsupportedOperationException();
		}

		@Override
		public void pause() {
		}

		@Override
		public void resume() {
		}

		@Override
		public BufferStats bufferStats() {
			throw new UnsupportedOperationException();
		}

		@Override
		public WriterConfig config() {
			return WriterConfig.logs().build();
		}

		@Override
		public void close() {
		}

	}

}
