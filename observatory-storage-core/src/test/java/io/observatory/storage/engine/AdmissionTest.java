package io.observatory.storage.engine;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.observatory.storage.buffer.Batch;
import io.observatory.storage.buffer.BufferCounters;
import io.observatory.storage.buffer.DropReason;
import io.observatory.storage.buffer.FullPolicy;
import io.observatory.storage.buffer.RowBuffer;
import io.observatory.storage.config.DropListener;
import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.error.BufferFullException;
import io.observatory.storage.row.RowEncoder;
import io.observatory.storage.table.LogsTable;
import io.observatory.storage.testing.Records;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * What a write does when the buffer is full, without a database.
 */
@Timeout(30)
class AdmissionTest {

	private static final int BOUND = 10;

	private final LogsTable logs = new LogsTable();

	private RowBuffer buffer;

	private Admission admission;

	@Test
	void theNewestAreDroppedAndCounted() {
		start(FullPolicy.DROP_NEWEST, Duration.ZERO);
		write(8);
		write(3);
		write(2);
		write(1);
		BufferCounters tally = this.buffer.tally();
		assertThat(tally.buffered()).isEqualTo(BOUND);
		assertThat(tally.dropped()).containsEntry(DropReason.BUFFER_FULL, 4L);
		assertThat(tally.accepted()).isEqualTo(14);
	}

	@Test
	void aFullBufferRefusesAtOnceWhereThatIsThePolicy() {
		start(FullPolicy.REJECT, Duration.ofMinutes(1));
		write(BOUND);
		assertThatThrownBy(() -> write(2)).isInstanceOf(BufferFullException.class);
		assertThat(this.admission.refused()).isEqualTo(2);
		assertThat(this.buffer.tally().accepted()).isEqualTo(BOUND);
	}

	@Test
	void afterOneTimeoutAWriteIsRefusedAtOnceUntilThereIsRoom() throws Exception {
		Duration timeout = Duration.ofMillis(300);
		start(FullPolicy.BLOCK, timeout);
		write(BOUND);
		assertThat(timeOfRefusal()).isGreaterThanOrEqualTo(timeout);
		Duration ten = Duration.ZERO;
		for (int i = 0; i < 10; i++) {
			ten = ten.plus(timeOfRefusal());
		}
		assertThat(ten).as("ten refusals").isLessThan(timeout);
		settleAll();
		write(BOUND);
		assertThat(timeOfRefusal()).as("waits again, once there was room").isGreaterThanOrEqualTo(timeout);
	}

	@Test
	void aWriteThatWaitsHasGivenItsEncoderBackAndEncodesAgain() throws Exception {
		start(FullPolicy.BLOCK, Duration.ofSeconds(20));
		write(BOUND);
		RowEncoder encoder = this.admission.encoder();
		this.admission.release(encoder);
		AtomicInteger encoded = new AtomicInteger();
		Thread[] writer = new Thread[1];
		CompletableFuture<Void> written = new CompletableFuture<>();
		writer[0] = new Thread(() -> {
			this.admission.accept(1, (rows) -> {
				encoded.incrementAndGet();
				encode(1, rows);
			});
			written.complete(null);
		});
		writer[0].start();
		Awaitility.await().until(() -> writer[0].getState() == Thread.State.TIMED_WAITING);
		assertThat(encoded).hasValue(1);
		assertThat(this.admission.encoder()).as("the encoder of the write that waits").isSameAs(encoder);
		settleAll();
		written.get(10, TimeUnit.SECONDS);
		assertThat(encoded).hasValue(2);
		assertThat(this.buffer.tally().accepted()).isEqualTo(BOUND + 1);
	}

	private void start(FullPolicy policy, Duration blockTimeout) {
		WriterConfig config = WriterConfig.logs()
			.maxBufferRows(BOUND)
			.fullPolicy(policy)
			.blockTimeout(blockTimeout)
			.build();
		this.buffer = new RowBuffer("logs", config.bufferLimits(), 1, 1);
		this.admission = new Admission(this.buffer, List.of(this.logs),
				new Drops("logs", List.of(this.logs), DropListener.NONE), config);
	}

	private void write(int records) {
		this.admission.accept(records, (rows) -> encode(records, rows));
	}

	private void encode(int records, RowEncoder rows) {
		for (int i = 0; i < records; i++) {
			this.admission.encode(this.logs, Records.log(i), rows);
		}
	}

	private Duration timeOfRefusal() {
		long begun = System.nanoTime();
		assertThatThrownBy(() -> write(1)).isInstanceOf(BufferFullException.class);
		return Duration.ofNanos(System.nanoTime() - begun);
	}

	private void settleAll() throws InterruptedException {
		this.buffer.flush();
		Batch batch = this.buffer.take(0);
		this.buffer.settle(batch, batch.rows(), 0);
	}

}
