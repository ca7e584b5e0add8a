package io.observatory.storage.buffer;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;

import io.observatory.storage.error.BufferFullException;
import io.observatory.storage.error.StorageException;
import io.observatory.storage.error.WriterClosedException;
import io.observatory.storage.row.ColumnType;
import io.observatory.storage.row.InputPolicy;
import io.observatory.storage.row.RowDecoder;
import io.observatory.storage.row.RowEncoder;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * The buffer's rules, one by one, without a database.
 */
@Timeout(30)
class RowBufferTest {

	/** A row of {@link #rows}: a count of fields, a length, 16 bytes. */
	private static final int ROW_SIZE = 22;

	private static final Duration LONG = Duration.ofSeconds(20);

	private long next;

	@Test
	void aSlotTakesNothingBelowTheBatchSizeAndAllThatWaitsFromItOn() throws Exception {
		RowBuffer buffer = buffer(1, limits().batchSize(10));
		CompletableFuture<Batch> taken = takeAsync(buffer, 0);
		append(buffer, 9);
		assertThat(taken).isNotDone();
		append(buffer, rows(25));
		assertThat(ids(taken.get())).isEqualTo(range(0, 34));
		assertAddsUp(buffer, 34);
	}

	@Test
	void bytesAloneMakeABatchToo() throws Exception {
		RowBuffer buffer = buffer(1, limits().batchSize(1000).maxBatchBytes(ROW_SIZE * 20L));
		CompletableFuture<Batch> taken = takeAsync(buffer, 0);
		append(buffer, 19);
		assertThat(taken).isNotDone();
		append(buffer, 1);
		assertThat(taken.get().rows()).isEqualTo(20);
	}

	@Test
	void aBatchHasAtMostItsRows() throws Exception {
		RowBuffer buffer = buffer(1, limits().batchSize(1).maxBatchRows(100));
		append(buffer, 250);
		assertThat(drain(buffer, 0)).extracting(Batch::rows).allSatisfy((rows) -> assertThat(rows).isBetween(1, 100));
		assertThat(buffer.tally().stored()).isEqualTo(250);
	}

	@Test
	void aBatchHasAtMostItsBytesUnlessASingleRowIsLarger() throws Exception {
		RowBuffer buffer = buffer(1, limits().batchSize(1).maxBatchBytes(ROW_SIZE * 10L));
		append(buffer, 55);
		append(buffer, rowOf(10_000));
		append(buffer, rowOf(1000));
		append(buffer, 5);
		List<Batch> batches = drain(buffer, 0);
		assertThat(batches).allSatisfy((batch) -> assertThat(batch.rows() == 1 || batch.bytes() <= ROW_SIZE * 10L)
			.as("%d rows of %d bytes", batch.rows(), batch.bytes())
			.isTrue());
		assertThat(buffer.tally().stored()).isEqualTo(62);
	}

	@Test
	void rowsOfOneKeyGoThroughOneSlotInTheirOrder() throws Exception {
		RowBuffer buffer = buffer(4, limits().batchSize(1));
		List<UUID> keys = new ArrayList<>();
		for (int i = 0; i < 50; i++) {
			keys.add(new UUID(i * 31L, i));
		}
		for (int round = 0; round < 20; round++) {
			for (UUID key : keys) {
				RowEncoder row = new RowEncoder(InputPolicy.DEFAULT, Clock.systemUTC());
				row.begin("Row", 1);
				row.uuid("id", new UUID(key.getLeastSignificantBits(), round));
				row.route(key);
				row.end();
				assertThat(buffer.append(row)).isTrue();
			}
		}
		List<Long> seen = new ArrayList<>();
		for (int slot = 0; slot < 4; slot++) {
			List<UUID> rows = drain(buffer, slot).stream().flatMap((batch) -> uuids(batch).stream()).toList();
			List<Long> here = rows.stream().map(UUID::getMostSignificantBits).distinct().toList();
			for (Long key : here) {
				assertThat(rows.stream().filter((row) -> row.getMostSignificantBits() == key))
					.extracting(UUID::getLeastSignificantBits)
					.as("versions of key %d", key)
					.isEqualTo(range(0, 20));
			}
			assertThat(here).as("keys of slot %d", slot).isNotEmpty().noneMatch(seen::contains);
			seen.addAll(here);
		}
		assertThat(seen).hasSize(50);
	}

	@Test
	void aFlushTakesFewRowsAndItsMarkIsSettledWithThem() throws Exception {
		RowBuffer buffer = buffer(1, limits().batchSize(1000));
		append(buffer, 3);
		CompletableFuture<Batch> taken = takeAsync(buffer, 0);
		FlushMark mark = buffer.flush();
		assertThat(mark.rows()).isEqualTo(3);
		Batch batch = taken.get();
		assertThat(buffer.covers(mark, batch)).isTrue();
		append(buffer, 4);
		assertThat(buffer.isSettled(mark)).isFalse();
		buffer.settle(batch, 2, 1);
		assertThat(buffer.isSettled(mark)).as("what came later does not count").isTrue();
		assertAddsUp(buffer, 7);
		FlushMark later = buffer.flush();
		Batch next = buffer.take(0);
		assertThat(buffer.covers(mark, next)).isFalse();
		buffer.settle(next, 4, 0);
		assertThat(buffer.isSettled(later)).isTrue();
		assertThat(buffer.isSettled(buffer.flush())).as("with nothing there").isTrue();
	}

	/** The number that a trigger which is only looked at on a full batch gets wrong. */
	@Test
	void fiftyRowsAtABatchSizeOf49LeaveNoneBehindAFlush() throws Exception {
		RowBuffer buffer = buffer(1, limits().batchSize(49));
		CompletableFuture<Batch> first = takeAsync(buffer, 0);
		for (int i = 0; i < 50; i++) {
			append(buffer, 1);
		}
		Batch batch = first.get();
		FlushMark mark = buffer.flush();
		buffer.settle(batch, batch.rows(), 0);
		while (!buffer.isSettled(mark)) {
			Batch next = buffer.take(0);
			buffer.settle(next, next.rows(), 0);
		}
		assertThat(buffer.tally().stored()).isEqualTo(50);
	}

	@Test
	void aPausedBufferGivesNothingAwayUntilItGoesOn() throws Exception {
		RowBuffer buffer = buffer(1, limits().batchSize(5));
		buffer.pause(true);
		CompletableFuture<Batch> taken = takeAsync(buffer, 0);
		append(buffer, 20);
		buffer.flush();
		assertThat(taken).isNotDone();
		assertThat(buffer.tally().buffered()).isEqualTo(20);
		buffer.pause(false);
		assertThat(taken.get().rows()).isEqualTo(20);
	}

	@Test
	void aSlotTakesWhatAnotherOneLeft() throws Exception {
		RowBuffer buffer = buffer(2, limits().batchSize(10).maxBatchRows(50));
		CompletableFuture<Batch> one = takeAsync(buffer, 0);
		CompletableFuture<Batch> other = takeAsync(buffer, 1);
		append(buffer, rows(100));
		assertThat(one.get(5, TimeUnit.SECONDS).rows() + other.get(5, TimeUnit.SECONDS).rows())
			.as("both slots go to work on a collection larger than a batch")
			.isEqualTo(100);
	}

	@Test
	void theBoundInRowsIsExact() {
		RowBuffer buffer = buffer(1, limits().maxRows(100));
		append(buffer, 99);
		assertThat(buffer.append(rows(2))).isFalse();
		append(buffer, 1);
		assertThat(buffer.append(rows(1))).isFalse();
		assertThatThrownBy(() -> buffer.awaitRoom(1, ROW_SIZE, 0)).isInstanceOf(BufferFullException.class)
			.hasMessageContaining("100 of 100 rows");
		assertAddsUp(buffer, 100);
	}

	@Test
	void theBoundInBytesIsExactAndCountsWhatIsInFlight() throws Exception {
		RowBuffer buffer = buffer(1, limits().batchSize(1).maxBytes(ROW_SIZE * 10L));
		append(buffer, 10);
		Batch batch = buffer.take(0);
		assertThat(buffer.append(rows(1))).isFalse();
		assertThat(buffer.tally().inFlightBytes()).isEqualTo(ROW_SIZE * 10L);
		buffer.settle(batch, 10, 0);
		assertThat(buffer.tally().inFlightBytes()).isZero();
		append(buffer, 10);
		assertAddsUp(buffer, 20);
	}

	@Test
	void aCollectionIsTakenWholeOrNotAtAll() throws Exception {
		RowBuffer buffer = buffer(1, limits().batchSize(1).maxRows(10));
		append(buffer, rows(6));
		assertThat(buffer.append(rows(5))).isFalse();
		assertThat(buffer.tally().accepted()).isEqualTo(6);
		assertThat(ids(buffer.take(0))).isEqualTo(range(0, 6));
		assertThatThrownBy(() -> append(buffer, rows(11))).as("can never fit")
			.isInstanceOfSatisfying(StorageException.class, (ex) -> assertThat(ex.isRetryable()).isFalse())
			.isNotInstanceOf(BufferFullException.class);
		assertAddsUp(buffer, 6);
	}

	@Test
	void aBlockedWriterIsWokenWhenABatchIsSettled() throws Exception {
		RowBuffer buffer = buffer(1, limits().batchSize(1000).maxRows(10));
		append(buffer, 10);
		AtomicReference<Thread> writer = new AtomicReference<>();
		CompletableFuture<Boolean> blocked = async(() -> {
			writer.set(Thread.currentThread());
			return appendWaiting(buffer, rows(10));
		});
		awaitBlocked(writer);
		// a full buffer makes the slot go, however far the batch size is
		Batch batch = buffer.take(0);
		assertThat(blocked).isNotDone();
		buffer.settle(batch, 10, 0);
		assertThat(blocked.get(10, TimeUnit.SECONDS)).isTrue();
		assertAddsUp(buffer, 20);
	}

	@Test
	void anInterruptEndsABlockedWriteAndIsRestored() throws Exception {
		RowBuffer buffer = buffer(1, limits().maxRows(10));
		append(buffer, 10);
		AtomicReference<Thread> writer = new AtomicReference<>();
		CompletableFuture<Boolean> interrupted = async(() -> {
			writer.set(Thread.currentThread());
			assertThatThrownBy(() -> appendWaiting(buffer, rows(1))).isInstanceOf(BufferFullException.class);
			return Thread.currentThread().isInterrupted();
		});
		awaitBlocked(writer);
		writer.get().interrupt();
		assertThat(interrupted.get(10, TimeUnit.SECONDS)).isTrue();
		assertAddsUp(buffer, 10);
	}

	@Test
	void closingWakesBlockedWritersAndRefusesThem() throws Exception {
		RowBuffer buffer = buffer(1, limits().maxRows(10));
		append(buffer, 10);
		AtomicReference<Thread> writer = new AtomicReference<>();
		CompletableFuture<Boolean> blocked = async(() -> {
			writer.set(Thread.currentThread());
			return appendWaiting(buffer, rows(1));
		});
		awaitBlocked(writer);
		buffer.close();
		assertThat(blocked).failsWithin(10, TimeUnit.SECONDS)
			.withThrowableThat()
			.withCauseInstanceOf(WriterClosedException.class);
		assertThatThrownBy(() -> append(buffer, 1)).isInstanceOf(WriterClosedException.class);
		assertAddsUp(buffer, 10);
	}

	@Test
	void aClosedBufferGivesAwayWhatIsLeftAndThenEndsItsSlots() throws Exception {
		RowBuffer buffer = buffer(2, limits().batchSize(1000));
		append(buffer, 7);
		buffer.pause(true);
		buffer.close();
		Batch batch = buffer.take(1);
		assertThat(batch.rows()).isEqualTo(7);
		assertThat(buffer.take(0)).isNull();
		assertThat(buffer.awaitEmpty(0)).isFalse();
		buffer.settle(batch, 7, 0);
		assertThat(buffer.awaitEmpty(0)).isTrue();
		assertThat(buffer.take(1)).isNull();
		assertAddsUp(buffer, 7);
	}

	@Test
	void whatIsAbandonedIsCountedAndSettlingItLaterChangesNothing() throws Exception {
		RowBuffer buffer = buffer(1, limits().batchSize(5));
		append(buffer, 5);
		Batch batch = buffer.take(0);
		append(buffer, 3);
		buffer.close();
		assertThat(buffer.abandon()).as("rows of the one table").containsExactly(8);
		buffer.settle(batch, 5, 0);
		BufferCounters tally = buffer.tally();
		assertThat(tally.dropped()).containsEntry(DropReason.CLOSED, 8L);
		assertThat(tally.stored()).isZero();
		assertThat(tally.buffered() + tally.inFlight() + tally.bufferedBytes() + tally.inFlightBytes()).isZero();
		assertThat(buffer.take(0)).isNull();
		assertAddsUp(buffer, 8);
	}

	@Test
	void waitingForAnEmptyBufferOutlastsAnInterruptAndRestoresIt() throws Exception {
		RowBuffer buffer = buffer(1, limits().batchSize(1));
		append(buffer, 1);
		Batch batch = buffer.take(0);
		buffer.close();
		AtomicReference<Thread> waiter = new AtomicReference<>();
		CompletableFuture<Boolean> empty = async(() -> {
			waiter.set(Thread.currentThread());
			return buffer.awaitEmpty(LONG.toNanos()) && Thread.currentThread().isInterrupted();
		});
		awaitBlocked(waiter);
		waiter.get().interrupt();
		awaitBlocked(waiter);
		assertThat(empty).isNotDone();
		buffer.settle(batch, 1, 0);
		assertThat(empty.get(10, TimeUnit.SECONDS)).isTrue();
	}

	private RowBuffer buffer(int slots, Limits limits) {
		return new RowBuffer("test", limits.build(), slots, 1);
	}

	private void append(RowBuffer buffer, int rows) {
		for (int i = 0; i < rows; i++) {
			append(buffer, rows(1));
		}
	}

	private static void append(RowBuffer buffer, RowEncoder rows) {
		assertThat(buffer.append(rows)).isTrue();
	}

	private static boolean appendWaiting(RowBuffer buffer, RowEncoder rows) {
		long left = LONG.toNanos();
		while (!buffer.append(rows)) {
			left = buffer.awaitRoom(rows.rows(), rows.length(), left);
		}
		return true;
	}

	/** Returns so many rows, numbered from where the last ones ended. */
	private RowEncoder rows(int count) {
		RowEncoder rows = new RowEncoder(InputPolicy.DEFAULT, Clock.systemUTC());
		for (int i = 0; i < count; i++) {
			rows.begin("Row", 1);
			rows.uuid("id", new UUID(0, this.next + i));
			rows.end();
		}
		this.next += count;
		return rows;
	}

	private static RowEncoder rowOf(int bytes) {
		RowEncoder row = new RowEncoder(InputPolicy.DEFAULT, Clock.systemUTC());
		row.begin("Row", 1);
		row.text("text", "x".repeat(bytes - 6));
		row.end();
		return row;
	}

	private static CompletableFuture<Batch> takeAsync(RowBuffer buffer, int slot) {
		AtomicReference<Thread> thread = new AtomicReference<>();
		CompletableFuture<Batch> taken = async(() -> {
			thread.set(Thread.currentThread());
			return buffer.take(slot);
		});
		awaitBlocked(thread);
		return taken;
	}

	private static <T> CompletableFuture<T> async(Callable<T> task) {
		CompletableFuture<T> future = new CompletableFuture<>();
		Thread thread = new Thread(() -> {
			try {
				future.complete(task.call());
			}
			catch (Throwable ex) {
				future.completeExceptionally(ex);
			}
		});
		thread.setDaemon(true);
		thread.start();
		return future;
	}

	private static void awaitBlocked(AtomicReference<Thread> thread) {
		Awaitility.await()
			.pollInterval(Duration.ofMillis(2))
			.until(() -> thread.get() != null && (thread.get().getState() == Thread.State.WAITING
					|| thread.get().getState() == Thread.State.TIMED_WAITING));
	}

	/** Takes and settles all that there is for a slot. */
	private static List<Batch> drain(RowBuffer buffer, int slot) throws InterruptedException {
		List<Batch> batches = new ArrayList<>();
		buffer.close();
		for (Batch batch = buffer.take(slot); batch != null; batch = buffer.take(slot)) {
			batches.add(batch);
			buffer.settle(batch, batch.rows(), 0);
		}
		return batches;
	}

	private static List<UUID> uuids(Batch batch) {
		List<UUID> ids = new ArrayList<>();
		RowDecoder decoder = batch.tables().get(0).decoder();
		while (decoder.next()) {
			ids.add(UUID.fromString(decoder.text(ColumnType.UUID)));
		}
		return ids;
	}

	private static List<Long> ids(Batch batch) {
		return uuids(batch).stream().map(UUID::getLeastSignificantBits).toList();
	}

	private static List<Long> range(long from, long to) {
		return LongStream.range(from, to).boxed().toList();
	}

	private static void assertAddsUp(RowBuffer buffer, long accepted) {
		BufferCounters tally = buffer.tally();
		assertThat(tally.accepted()).isEqualTo(accepted);
		assertThat(tally.stored() + tally.deadLettered() + tally.droppedTotal() + tally.buffered() + tally.inFlight())
			.as("%s", tally)
			.isEqualTo(accepted);
	}

	private static Limits limits() {
		return new Limits();
	}

	/**
	 * Builds {@link BufferLimits} that do not limit what a test is not about.
	 */
	private static final class Limits {

		private int batchSize = 100;

		private int maxBatchRows = 10_000;

		private long maxBatchBytes = 8L << 20;

		private long maxRows = 1_000_000;

		private long maxBytes = 64L << 20;

		Limits batchSize(int rows) {
			this.batchSize = rows;
			return this;
		}

		Limits maxBatchRows(int rows) {
			this.maxBatchRows = rows;
			return this;
		}

		Limits maxBatchBytes(long bytes) {
			this.maxBatchBytes = bytes;
			return this;
		}

		Limits maxRows(long rows) {
			this.maxRows = rows;
			return this;
		}

		Limits maxBytes(long bytes) {
			this.maxBytes = bytes;
			return this;
		}

		BufferLimits build() {
			return new BufferLimits(this.batchSize, this.maxBatchRows, this.maxBatchBytes, this.maxRows, this.maxBytes);
		}

	}

}
