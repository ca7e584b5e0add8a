package io.observatory.storage.fault;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.observatory.storage.buffer.DropReason;
import io.observatory.storage.config.RetryConfig;
import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.error.StorageException;
import io.observatory.storage.fault.CuttingProxy.Moment;
import io.observatory.storage.model.LogRecord;
import io.observatory.storage.sending.Lane;
import io.observatory.storage.stats.FlushLatency;
import io.observatory.storage.stats.WriterStatus.State;
import io.observatory.storage.testing.Database;
import io.observatory.storage.testing.Records;
import io.observatory.storage.upkeep.Partitions;
import io.observatory.storage.writer.LogWriter;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * What a lane's row can answer besides "not moved": the server lost commits, the row is
 * gone, somebody else has it.
 */
class LaneIT {

	private final Database database = Database.get();

	private final CuttingProxy proxy = new CuttingProxy(this.database.port());

	private final ListAppender<ILoggingEvent> log = new ListAppender<>();

	private final List<UUID> stored = new ArrayList<>();

	private final Ledger ledger = new Ledger();

	@BeforeEach
	void start() {
		this.database.clear();
		this.log.start();
		((Logger) LoggerFactory.getLogger(Lane.class)).addAppender(this.log);
	}

	@AfterEach
	void stop() {
		((Logger) LoggerFactory.getLogger(Lane.class)).detachAppender(this.log);
		this.proxy.close();
	}

	@Test
	void aServerThatLostCommitsIsNoticedAndCounted() {
		LogWriter writer = writer();
		try (writer) {
			flushBatches(writer, 4);
			loseBatches(2);
			flushBatches(writer, 2);
			assertThat(writer.writeStats().lostByServer()).isEqualTo(20);
			assertThat(lane()).containsEntry("epoch", 1L).containsEntry("position", 6L);
			assertThat(this.log.list).singleElement()
				.satisfies((event) -> assertThat(event.getFormattedMessage())
					.contains("lost 2 committed batches, 20 rows,"));
		}
		Stored.assertOnce("logs", this.stored);
		Stored.assertSettled(writer, 60, 0, 0);
	}

	/**
	 * The transaction that finds it out may fail or be in doubt as well; a failover is
	 * when connections break.
	 */
	@ParameterizedTest
	@EnumSource
	void theTransactionThatNoticesItMayBeCut(Moment moment) {
		LogWriter writer = writer();
		try (writer) {
			flushBatches(writer, 4);
			loseBatches(2);
			this.proxy.cutNextCommits(moment);
			flushBatches(writer, 2);
			assertThat(this.proxy.cuts()).isEqualTo(1);
			assertThat(writer.writeStats().lostByServer()).isEqualTo(20);
		}
		Stored.assertOnce("logs", this.stored);
		Stored.assertSettled(writer, 60, 0, 0);
	}

	/** A restore may go back to before the failover that raised the epoch. */
	@Test
	void aServerMayLoseCommitsTwice() {
		LogWriter writer = writer();
		try (writer) {
			flushBatches(writer, 4);
			loseBatches(2);
			flushBatches(writer, 2);
			loseBatches(3);
			this.database.jdbc().update("UPDATE observatory.lanes SET epoch = 0");
			flushBatches(writer, 1);
			assertThat(writer.writeStats().lostByServer()).isEqualTo(50);
		}
		Stored.assertOnce("logs", this.stored);
		Stored.assertSettled(writer, 70, 0, 0);
	}

	@Test
	void aMissingLaneIsMadeAnew() {
		LogWriter writer = writer();
		try (writer) {
			flushBatches(writer, 3);
			this.database.jdbc().update("DELETE FROM observatory.lanes");
			flushBatches(writer, 2);
			assertThat(lane()).containsEntry("epoch", 0L).containsEntry("position", 5L);
			assertThat(this.log.list).singleElement()
				.satisfies((event) -> assertThat(event.getFormattedMessage()).contains("gone"));
		}
		Stored.assertOnce("logs", this.stored);
		Stored.assertSettled(writer, 50, 0, 0);
	}

	/** Nobody can know any more: rather twice than never, and said. */
	@Test
	void aBatchInDoubtWhoseLaneIsGoneIsSentAgainAndThatIsSaid() {
		LogWriter writer = writer();
		try (writer) {
			flushBatches(writer, 1);
			this.proxy.onCut(() -> this.database.jdbc().update("DELETE FROM observatory.lanes"));
			this.proxy.cutNextCommits(Moment.AFTER_COMMIT);
			flushBatches(writer, 1);
			assertThat(this.log.list).extracting(ILoggingEvent::getFormattedMessage)
				.anyMatch((message) -> message.contains("may have been stored"));
			assertThat(writer.writeStats().sentInDoubt()).isEqualTo(10);
		}
		List<UUID> expected = new ArrayList<>(this.stored);
		expected.addAll(this.stored.subList(10, 20));
		assertThat(Stored.ids("logs")).containsExactlyInAnyOrderElementsOf(expected);
		Stored.assertSettled(writer, 20, 0, 0);
	}

	/** As after a snapshot of the process: a copy of it has moved the lane. */
	@ParameterizedTest
	@ValueSource(strings = { "epoch = epoch + 1", "position = position + 5", "position = position + 1" })
	void aSlotWhoseLaneWasMovedBySomebodyElseTakesANewOne(String change) {
		LogWriter writer = writer();
		try (writer) {
			flushBatches(writer, 1);
			this.database.jdbc().update("UPDATE observatory.lanes SET " + change);
			flushBatches(writer, 2);
			assertThat(writer.status().state()).isEqualTo(State.RUNNING);
			assertThat(this.database.rows("SELECT position FROM observatory.lanes WHERE row_count = 20"))
				.singleElement()
				.satisfies((lane) -> assertThat(lane).containsEntry("position", 2L));
			assertThat(this.log.list).singleElement()
				.satisfies((event) -> assertThat(event.getFormattedMessage()).contains("takes a new lane"));
		}
		Stored.assertOnce("logs", this.stored);
		Stored.assertSettled(writer, 30, 0, 0);
	}

	/**
	 * The COMMIT was never seen by the server, and before the slot can ask, a copy of the
	 * process has moved the lane to just where the batch would have.
	 */
	@Test
	void aMoveOfSomebodyElseIsNotTakenForTheBatchInDoubt() {
		LogWriter writer = writer();
		try (writer) {
			flushBatches(writer, 1);
			cutAndMove("position = position + 1, row_count = row_count + 10, "
					+ "backend_pid = pg_backend_pid(), moved_at = now(), updated_at = now()");
			flushBatches(writer, 2);
		}
		Stored.assertOnce("logs", this.stored);
		Stored.assertSettled(writer, 30, 0, 0);
	}

	/** Then nobody can know whether the batch is in. */
	@Test
	void aLaneThatIsFurtherThanABatchInDoubtStopsTheWriterLoudly() {
		LogWriter writer = writer();
		try (writer) {
			flushBatches(writer, 1);
			cutAndMove("position = position + 5");
			write(writer, 10);
			StorageException failure = catchThrowableOfType(StorageException.class, writer::flush);
			assertThat(failure.isRetryable()).isFalse();
			assertThat(failure.sqlState()).isEqualTo("55000");
			assertThat(writer.status().state()).isEqualTo(State.STOPPED);
			assertThat(writer.writeStats().inFlight()).isEqualTo(10);
		}
		Stored.assertOnce("logs", this.stored.subList(0, 10));
		Stored.assertSettled(writer, 10, 0, 10);
		assertThat(writer.writeStats().dropped()).containsEntry(DropReason.CLOSED, 10L);
	}

	/** The renewal is not a move. */
	@Test
	void aLaneThatIsRenewedWhileABatchIsInDoubtKnowsItStill() {
		LogWriter writer = writer();
		try (writer) {
			flushBatches(writer, 1);
			this.proxy.onCut(writer::renewLanes);
			this.proxy.cutNextCommits(Moment.AFTER_COMMIT);
			flushBatches(writer, 1);
		}
		Stored.assertOnce("logs", this.stored);
		Stored.assertSettled(writer, 20, 0, 0);
	}

	/** However long it has been idle; what dead processes left goes. */
	@Test
	void theCleanUpOfLanesNeverTouchesALiveOne() {
		LogWriter writer = writer();
		try (writer) {
			flushBatches(writer, 1);
			this.database.jdbc()
				.update("INSERT INTO observatory.lanes (id, writer, slot) VALUES (gen_random_uuid(), 'dead', 0)");
			this.database.jdbc().update("UPDATE observatory.lanes SET updated_at = now() - interval '31 days'");
			writer.renewLanes();
			assertThat(new Partitions(this.database.dataSource(), "observatory").deleteLanes()).isEqualTo(1);
			flushBatches(writer, 1);
			assertThat(lane()).containsEntry("position", 2L);
			assertThat(this.log.list).isEmpty();
		}
		Stored.assertOnce("logs", this.stored);
		Stored.assertSettled(writer, 20, 0, 0);
	}

	/**
	 * A snapshot that somebody holds keeps each version of the row alive: as many of them
	 * as ten minutes of fifty flushes a second make.
	 */
	@Test
	@Tag("faults")
	void aSnapshotThatStaysOpenNeitherStopsNorConfusesALane() throws SQLException {
		int flushes = Length.of(30_000, 200);
		long begun = System.nanoTime();
		LogWriter writer = writer();
		try (Connection idle = this.database.dataSource().getConnection(); writer) {
			idle.setAutoCommit(false);
			idle.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
			idle.createStatement().execute("SELECT count(*) FROM observatory.lanes");
			for (int i = 0; i < flushes; i++) {
				this.ledger.write(writer, Subject.LOGS, i);
				writer.flush();
			}
			idle.rollback();
		}
		Verdict verdict = this.ledger.verdict(this.database.jdbc(), writer);
		FlushLatency latency = writer.writeStats().latency();
		FaultReport.scenario("lane-under-idle-snapshot", verdict, Duration.ofNanos(System.nanoTime() - begun),
				Map.of("flushes", flushes, "medianMillis", latency.p50().toNanos() / 1e6, "p99Millis",
						latency.p99().toNanos() / 1e6));
		verdict.assertAllStored();
	}

	/**
	 * Cuts the next COMMIT before the server sees it. Whoever moves the lane waits for
	 * its table already, and has it before the batch is sent again. The row alone will
	 * not do: who comes when its transaction has just ended need not wait for others.
	 */
	private void cutAndMove(String change) {
		this.proxy.onCut(() -> {
			CompletableFuture.runAsync(() -> this.database.jdbc()
				.execute("DO $$ BEGIN LOCK TABLE observatory.lanes IN SHARE ROW EXCLUSIVE MODE; "
						+ "UPDATE observatory.lanes SET " + change + "; END $$"));
			Awaitility.await()
				.until(() -> this.database
					.rows("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' "
							+ "AND query LIKE 'DO $$ BEGIN LOCK TABLE observatory.lanes %'")
					.size() == 1);
		});
		this.proxy.cutNextCommits(Moment.BEFORE_COMMIT);
	}

	private LogWriter writer() {
		return new LogWriter(this.proxy.dataSource(),
				WriterConfig.logs()
					.maxConcurrency(1)
					.retry(new RetryConfig(4, Duration.ofMillis(2), 2, Duration.ofMillis(10)))
					.closeTimeout(Duration.ofMillis(500))
					.build());
	}

	private void flushBatches(LogWriter writer, int batches) {
		for (int i = 0; i < batches; i++) {
			write(writer, 10);
			writer.flush();
		}
	}

	private void write(LogWriter writer, int rows) {
		for (int i = 0; i < rows; i++) {
			LogRecord record = Records.log(this.stored.size());
			writer.writeLog(record);
			this.stored.add(record.id());
		}
	}

	/** What a failover to a standby that lagged does to the last batches. */
	private void loseBatches(int batches) {
		this.database.jdbc()
			.update("UPDATE observatory.lanes SET position = position - ?, row_count = row_count - ?", batches,
					10 * batches);
		List<UUID> lost = this.stored.subList(this.stored.size() - 10 * batches, this.stored.size());
		lost.forEach((id) -> this.database.jdbc().update("DELETE FROM observatory.logs WHERE id = ?", id));
		lost.clear();
	}

	private Map<String, Object> lane() {
		return this.database.jdbc().queryForMap("SELECT epoch, position FROM observatory.lanes");
	}

}
