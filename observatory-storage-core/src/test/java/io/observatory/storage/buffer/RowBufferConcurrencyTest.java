package io.observatory.storage.buffer;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.zip.CRC32;

import io.observatory.storage.row.ColumnType;
import io.observatory.storage.row.InputPolicy;
import io.observatory.storage.row.RowDecoder;
import io.observatory.storage.row.RowEncoder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Many producers, several slots, a flusher and a reader at once. Each row carries a
 * checksum of itself, which is looked at when its batch is taken and once more right
 * before the batch is settled: memory that is reused too early shows.
 */
@Timeout(60)
class RowBufferConcurrencyTest {

	private static final int PRODUCERS = 6;

	private static final int SLOTS = 3;

	private static final int ROWS = 40_000;

	private static final int SNAPSHOTS = 1_000_000;

	private final ExecutorService threads = Executors.newCachedThreadPool((task) -> {
		Thread thread = new Thread(task);
		thread.setDaemon(true);
		return thread;
	});

	/** Small, so that producers block, slots wake and memory is reused all the time. */
	private final RowBuffer buffer = new RowBuffer("test", new BufferLimits(50, 500, 1 << 17, 2000, 1 << 20), SLOTS, 2);

	private final AtomicIntegerArray seen = new AtomicIntegerArray(PRODUCERS * ROWS);

	private final AtomicBoolean done = new AtomicBoolean();

	@AfterEach
	void stop() {
		this.threads.shutdownNow();
	}

	@Test
	void nothingIsLostRepeatedOrOverwrittenAndEverySnapshotAddsUp() throws Exception {
		List<Future<?>> producers = new ArrayList<>();
		List<Future<?>> slots = new ArrayList<>();
		for (int i = 0; i < PRODUCERS; i++) {
			int producer = i;
			producers.add(this.threads.submit(() -> produce(producer)));
		}
		for (int i = 0; i < SLOTS; i++) {
			int slot = i;
			slots.add(this.threads.submit(() -> consume(slot)));
		}
		Future<Integer> reader = this.threads.submit(this::readSnapshots);
		for (Future<?> producer : producers) {
			producer.get(50, TimeUnit.SECONDS);
		}
		this.buffer.close();
		for (Future<?> slot : slots) {
			slot.get(10, TimeUnit.SECONDS);
		}
		assertThat(this.buffer.awaitEmpty(0)).isTrue();
		this.done.set(true);
		assertThat(reader.get(50, TimeUnit.SECONDS)).isGreaterThanOrEqualTo(SNAPSHOTS);
		for (int i = 0; i < PRODUCERS * ROWS; i++) {
			assertThat(this.seen.get(i)).as("row %d", i).isEqualTo(1);
		}
		assertThat(this.buffer.tally().stored()).isEqualTo((long) PRODUCERS * ROWS);
	}

	private Void produce(int producer) {
		RowEncoder rows = new RowEncoder(InputPolicy.DEFAULT, Clock.systemUTC());
		for (int i = 0; i < ROWS; i += rows.rows()) {
			rows.reset();
			int count = Math.min(1 + i % 7, ROWS - i);
			for (int row = 0; row < count; row++) {
				write(rows, producer * ROWS + i + row);
			}
			long left = TimeUnit.SECONDS.toNanos(30);
			while (!this.buffer.append(rows)) {
				left = this.buffer.awaitRoom(rows.rows(), rows.length(), left);
			}
			if (i % 1000 < 7) {
				this.buffer.flush();
			}
		}
		return null;
	}

	/** Some rows with a route, some for any slot; for two tables; now and then large. */
	private static void write(RowEncoder rows, int number) {
		String text = "row " + number + " " + "x".repeat((number % 5000 == 0) ? 20_000 : number % 97);
		rows.into(number % 2);
		rows.begin("Row", 3);
		rows.uuid("id", new UUID(0, number));
		rows.text("text", text);
		rows.notNegative("crc", crc(text));
		if (number % 3 == 0) {
			rows.route(new UUID(number % 50, 7));
		}
		rows.end();
	}

	private Void consume(int slot) throws InterruptedException {
		for (Batch batch = this.buffer.take(slot); batch != null; batch = this.buffer.take(slot)) {
			int rows = check(batch, 1);
			assertThat(rows).isEqualTo(batch.rows());
			// the producers get the chance to write where they must not
			Thread.yield();
			check(batch, 0);
			this.buffer.settle(batch, rows, 0);
		}
		return null;
	}

	private int check(Batch batch, int count) {
		int rows = 0;
		for (int table = 0; table < 2; table++) {
			RowDecoder decoder = batch.tables().get(table).decoder();
			while (decoder.next()) {
				long number = UUID.fromString(decoder.text(ColumnType.UUID)).getLeastSignificantBits();
				String text = decoder.text(ColumnType.TEXT);
				long crc = Long.parseLong(decoder.text(ColumnType.BIGINT));
				assertThat(number % 2).isEqualTo(table);
				if (crc(text) != crc || !text.startsWith("row " + number + " ")) {
					throw new AssertionError("Row " + number + " was overwritten");
				}
				this.seen.addAndGet((int) number, count);
				rows++;
			}
		}
		return rows;
	}

	private int readSnapshots() {
		int snapshots = 0;
		while (snapshots < SNAPSHOTS || !this.done.get()) {
			BufferCounters tally = this.buffer.tally();
			long sum = tally.stored() + tally.deadLettered() + tally.droppedTotal() + tally.buffered()
					+ tally.inFlight();
			if (tally.accepted() != sum || tally.bufferedBytes() < 0 || tally.inFlightBytes() < 0
					|| tally.buffered() + tally.inFlight() > 2000) {
				throw new AssertionError("Does not add up: " + tally);
			}
			snapshots++;
		}
		return snapshots;
	}

	private static long crc(String text) {
		CRC32 crc = new CRC32();
		crc.update(text.getBytes(StandardCharsets.UTF_8));
		return crc.getValue();
	}

}
