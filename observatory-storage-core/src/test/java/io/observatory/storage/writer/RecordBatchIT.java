package io.observatory.storage.writer;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import io.observatory.storage.buffer.DropReason;
import io.observatory.storage.buffer.FullPolicy;
import io.observatory.storage.config.SpoolConfig;
import io.observatory.storage.config.SpoolConfig.Level;
import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.error.BufferFullException;
import io.observatory.storage.error.InvalidRecordException;
import io.observatory.storage.error.TooLargeException;
import io.observatory.storage.error.WriterClosedException;
import io.observatory.storage.fault.Stored;
import io.observatory.storage.model.LogRecord;
import io.observatory.storage.testing.Buffers;
import io.observatory.storage.testing.Database;
import io.observatory.storage.testing.Records;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Records that are encoded one by one and taken together.
 */
class RecordBatchIT {

	private final Database database = Database.get();

	@BeforeEach
	void clear() {
		this.database.clear();
	}

	private LogWriter writer(WriterConfig.Builder config) {
		return new LogWriter(this.database.dataSource(), config.build());
	}

	private static LogRecord log(String body) {
		return LogRecord.builder().timestamp(Instant.now()).serviceName("s").body(body).build();
	}

	private static LogRecord bad() {
		return LogRecord.builder()
			.timestamp(Instant.now())
			.serviceName("s")
			.body("bad")
			.attributes(Map.of("n", Double.NaN, "text", "\u0000"))
			.traceId("x".repeat(1000))
			.build();
	}

	private long stored(String body) {
		return this.database.jdbc()
			.queryForObject("SELECT count(*) FROM observatory.logs WHERE body = ?", Long.class, body);
	}

	@Test
	void aBadRecordCostsOnlyItself() {
		LogWriter writer = writer(Buffers.logs());
		try (writer; RecordBatch<LogRecord> batch = writer.newBatch()) {
			assertThat(batch.add(log("first"))).isTrue();
			int bytes = batch.bytes();
			assertThatExceptionOfType(InvalidRecordException.class).isThrownBy(() -> batch.add(bad()));
			assertThat(batch.bytes()).isEqualTo(bytes);
			assertThat(batch.add(log("second"))).isTrue();
			assertThat(batch.rows()).isEqualTo(2);
			batch.write();
			assertThat(batch.rows()).isZero();
			writer.flush();
			assertThat(writer.writeStats().replaced()).as("what was replaced in the bad one is not counted").isZero();
			assertThat(writer.writeStats().refused()).isEqualTo(1);
		}
		Stored.assertSettled(writer, 2, 0, 0);
		assertThat(stored("first")).isEqualTo(1);
		assertThat(stored("second")).isEqualTo(1);
	}

	@Test
	void aBatchThatIsClosedHasTakenNothing() {
		LogWriter writer = writer(Buffers.logs());
		try (writer) {
			try (RecordBatch<LogRecord> batch = writer.newBatch()) {
				batch.add(log("never written"));
			}
			try (RecordBatch<LogRecord> next = writer.newBatch()) {
				assertThat(next.rows()).as("the encoder is used again").isZero();
				next.write();
			}
		}
		Stored.assertSettled(writer, 0, 0, 0);
	}

	@Test
	void aRecordOlderThanTheRetentionIsSaidToBeAndCounted() {
		LogWriter writer = writer(Buffers.logs().retention(Duration.ofDays(7)));
		try (writer; RecordBatch<LogRecord> batch = writer.newBatch()) {
			assertThat(batch.add(LogRecord.builder()
				.timestamp(Instant.now().minus(Duration.ofDays(8)))
				.serviceName("s")
				.body("old")
				.build())).isFalse();
			assertThat(batch.add(log("new"))).isTrue();
			batch.write();
			writer.flush();
			assertThat(writer.writeStats().dropped()).containsEntry(DropReason.EXPIRED, 1L);
		}
		assertThat(stored("old")).isZero();
		assertThat(stored("new")).isEqualTo(1);
	}

	@Test
	void aBatchHoldsWhatTheBufferHoldsAndMayBeWrittenInParts() {
		LogWriter writer = writer(Buffers.logs().maxBufferRows(100).maxBufferBytes(1 << 16));
		try (writer; RecordBatch<LogRecord> batch = writer.newBatch()) {
			for (int i = 0; i < 100; i++) {
				batch.add(log("part"));
			}
			assertThatExceptionOfType(TooLargeException.class).isThrownBy(() -> batch.add(log("part")));
			assertThat(batch.rows()).isEqualTo(100);
			batch.writeWithin(Duration.ofSeconds(30));
			batch.add(log("part"));
			assertThatExceptionOfType(TooLargeException.class)
				.isThrownBy(() -> batch.add(log("too large".repeat(20_000))));
			assertThat(batch.rows()).isEqualTo(1);
			batch.writeWithin(Duration.ofSeconds(30));
		}
		Stored.assertSettled(writer, 101, 0, 0);
		assertThat(stored("part")).isEqualTo(101);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 4 })
	void whatABatchTakesASmallSpoolTakesToo(int slots, @TempDir Path directory) {
		SpoolConfig spool = new SpoolConfig(directory, Level.PROCESS, slots * SpoolConfig.MIN_BYTES_A_SLOT,
				Duration.ZERO, Duration.ZERO);
		LogWriter writer = writer(WriterConfig.logs().maxConcurrency(slots).spool(spool));
		long rows = 0;
		try (writer; RecordBatch<LogRecord> batch = writer.newBatch()) {
			for (int length : List.of(20_000, 1, 100, 3_000, 7)) {
				LogRecord log = log("x".repeat(length));
				assertThatExceptionOfType(TooLargeException.class).isThrownBy(() -> {
					while (batch.rows() < 100_000) {
						batch.add(log);
					}
				});
				rows += batch.rows();
				batch.writeWithin(Duration.ofSeconds(5));
				writer.flush();
			}
		}
		Stored.assertSettled(writer, rows, 0, 0);
	}

	@Test
	void aFullBufferTakesNothingOfItAndTheBatchMayBeWrittenAgain() {
		LogWriter writer = writer(Buffers.logs().maxBufferRows(10).batchSize(10).fullPolicy(FullPolicy.REJECT));
		try (writer; RecordBatch<LogRecord> batch = writer.newBatch()) {
			writer.pause();
			for (int i = 0; i < 8; i++) {
				writer.writeLog(log("before"));
			}
			for (int i = 0; i < 5; i++) {
				batch.add(log("waiting"));
			}
			assertThatExceptionOfType(BufferFullException.class).isThrownBy(batch::write);
			assertThatExceptionOfType(BufferFullException.class)
				.isThrownBy(() -> batch.writeWithin(Duration.ofMillis(50)));
			assertThat(batch.rows()).isEqualTo(5);
			writer.resume();
			batch.writeWithin(Duration.ofSeconds(30));
		}
		Stored.assertSettled(writer, 13, 0, 0);
		assertThat(stored("waiting")).isEqualTo(5);
	}

	@Test
	void aClosedWriterTakesNothing() {
		LogWriter writer = writer(Buffers.logs());
		try (RecordBatch<LogRecord> batch = writer.newBatch()) {
			batch.add(Records.log(1));
			writer.close();
			assertThatExceptionOfType(WriterClosedException.class).isThrownBy(batch::write);
			assertThatExceptionOfType(WriterClosedException.class)
				.isThrownBy(() -> batch.writeWithin(Duration.ofSeconds(10)));
		}
		Stored.assertSettled(writer, 0, 0, 0);
	}

}
