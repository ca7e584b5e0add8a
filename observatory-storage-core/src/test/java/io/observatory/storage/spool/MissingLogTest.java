package io.observatory.storage.spool;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

import io.observatory.storage.buffer.BufferLimits;
import io.observatory.storage.buffer.disk.SpoolBuffer;
import io.observatory.storage.buffer.disk.SpoolSettings;
import io.observatory.storage.model.LogRecord;
import io.observatory.storage.row.InputPolicy;
import io.observatory.storage.row.RowEncoder;
import io.observatory.storage.spool.UnsafeDisk.Operation;
import io.observatory.storage.spool.UnsafeDisk.Weather;
import io.observatory.storage.table.LogsTable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The disk refuses the log of one slot, and takes that of the other.
 */
class MissingLogTest {

	@Test
	void rowsThatAnySlotMaySendGoToTheLogThatIsThere(@TempDir Path directory) throws IOException {
		AtomicBoolean refuses = new AtomicBoolean(true);
		Weather weather = (operation, file) -> {
			if (operation == Operation.OPEN && refuses.getAndSet(false)) {
				throw new IOException("Input/output error");
			}
		};
		LogsTable logs = new LogsTable();
		SpoolBuffer buffer = new SpoolBuffer("logs", settings(SpoolDirectory.open(directory, new UnsafeDisk(weather))),
				List.of(logs));
		try {
			assertThat(buffer.append(row(logs))).as("for the log that is not there").isFalse();
			assertThat(buffer.failure()).isNotNull();
			assertThat(buffer.append(row(logs))).isTrue();
			assertThat(buffer.tally().held()).isOne();
		}
		finally {
			CompletableFuture.runAsync(buffer.upkeep());
			buffer.release();
		}
	}

	private static SpoolSettings settings(SpoolDirectory directory) {
		return new SpoolSettings(directory, false, Duration.ZERO, 1 << 26, Duration.ZERO,
				new BufferLimits(100, 1000, 1 << 20, 1000, 1 << 20), 2, Clock.systemUTC());
	}

	private static RowEncoder row(LogsTable logs) {
		RowEncoder row = new RowEncoder(InputPolicy.DEFAULT, Clock.systemUTC());
		row.into(0);
		logs.write(LogRecord.builder().serviceName("shop").timestamp(Instant.EPOCH).build(), row);
		return row;
	}

}
