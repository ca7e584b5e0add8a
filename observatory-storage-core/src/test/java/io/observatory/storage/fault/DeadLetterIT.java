package io.observatory.storage.fault;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.observatory.storage.config.RetryConfig;
import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.deadletter.DeadLetterQueue;
import io.observatory.storage.deadletter.DeadLetterQueue.Letter;
import io.observatory.storage.deadletter.DeadLetterQueue.Replay;
import io.observatory.storage.error.StorageException;
import io.observatory.storage.fault.CuttingProxy.Moment;
import io.observatory.storage.model.Ids;
import io.observatory.storage.model.LogRecord;
import io.observatory.storage.stats.WriterStatus.State;
import io.observatory.storage.testing.Database;
import io.observatory.storage.testing.Engine;
import io.observatory.storage.testing.NotOn;
import io.observatory.storage.testing.OnlyInSource;
import io.observatory.storage.testing.Records;
import io.observatory.storage.testing.StoredRows;
import io.observatory.storage.writer.LogWriter;
import io.observatory.storage.writer.TraceWriter;
import io.observatory.storage.writer.Writer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.postgresql.ds.PGSimpleDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Dead letters: what is shown of them, that their rows get stored once and no more when
 * the cause is gone, and what becomes of a writer that cannot put any aside.
 */
@Timeout(120)
class DeadLetterIT {

	private static final String ROLE = "observatory_test_replayer";

	private final Database database = Database.get();

	private final DeadLetterQueue letters = new DeadLetterQueue(this.database.dataSource(), "observatory");

	@BeforeEach
	void clear() {
		this.database.clear();
	}

	@ParameterizedTest
	@EnumSource
	void whenTheCauseIsGoneAReplayStoresEachRowOnce(Subject subject) {
		List<UUID> dead = deadLetters(subject, 5);
		assertThat(this.letters.replay(100)).isEqualTo(new Replay(5, 0, 0));
		Stored.assertOnce(subject.table(), dead);
		assertThat(this.letters.count()).isZero();
		assertThat(this.letters.replay(100)).isEqualTo(new Replay(0, 0, 0));
		Stored.assertOnce(subject.table(), dead);
		assertThat(this.database.rows("SELECT 1 FROM observatory.traces t WHERE span_count <> "
				+ "(SELECT count(*) FROM observatory.trace_spans s WHERE s.trace_id = t.id)"))
			.as("traces whose span count is wrong")
			.isEmpty();
	}

	@Test
	void theRowIsTheOneThatTheWriterWouldHaveStored() {
		LogRecord log = Records.log(1);
		try (LogWriter writer = new LogWriter(this.database.dataSource(), config().build())) {
			writer.writeLog(log);
			writer.flush();
			whileRefusing("logs", "id IS NULL", () -> {
				writer.writeLog(log);
				writer.flush();
			});
		}
		assertThat(this.letters.replay(1).replayed()).isOne();
		assertThat(StoredRows.of(this.database, "logs", "true")).hasSize(2)
			.satisfies((rows) -> assertThat(rows.get(0)).isEqualTo(rows.get(1)));
	}

	@ParameterizedTest
	@EnumSource
	@NotOn(value = Engine.CITUS, because = "the name of a constraint is not handed on")
	void whatIsRefusedAgainStaysWithOneMoreAttemptAndTheNewReason(Subject subject) {
		List<UUID> dead = deadLetters(subject, 3);
		List<Letter> before = this.letters.list(null, 10);
		assertThat(before).hasSize(3)
			.allSatisfy((letter) -> assertThat(letter.constraint()).isEqualTo("refusing"))
			.allSatisfy((letter) -> assertThat(letter.attempts()).isOne());
		this.database.jdbc()
			.execute("ALTER TABLE observatory." + subject.table()
					+ " ADD CONSTRAINT still_refusing CHECK (id IS NULL) NOT VALID");
		try {
			assertThat(this.letters.replay(10)).isEqualTo(new Replay(0, 3, 3));
		}
		finally {
			this.database.jdbc()
				.execute("ALTER TABLE observatory." + subject.table() + " DROP CONSTRAINT still_refusing");
		}
		assertThat(this.letters.list(null, 10)).zipSatisfy(before, (now, then) -> {
			assertThat(now.id()).isEqualTo(then.id());
			assertThat(now.attempts()).isEqualTo(2);
			assertThat(now.sqlState()).isEqualTo("23514");
			assertThat(now.constraint()).isEqualTo("still_refusing");
			assertThat(now.failedAt()).isEqualTo(then.failedAt());
		}).hasSize(3);
		assertThat(this.database.count(subject.table())).isZero();
		assertThat(this.database.count("traces")).as("traces of spans that were refused").isZero();
		assertThat(Stored.deadIds(subject.table())).containsExactlyInAnyOrderElementsOf(dead);
	}

	/** It would be too late to find out at COMMIT. */
	@Test
	@NotOn(value = Engine.CITUS, because = "a distributed table has no triggers")
	void aConstraintThatIsCheckedAtTheEndRefusesTheRowToo() {
		deadLetters(Subject.METRICS, 2);
		this.database.jdbc()
			.execute("CREATE FUNCTION observatory.refuse_late() RETURNS trigger LANGUAGE plpgsql AS "
					+ "'BEGIN RAISE EXCEPTION USING ERRCODE = ''23514'', CONSTRAINT = ''late''; END'");
		this.database.jdbc()
			.execute("CREATE CONSTRAINT TRIGGER late AFTER INSERT ON observatory.metrics "
					+ "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION observatory.refuse_late()");
		try {
			assertThat(this.letters.replay(10)).isEqualTo(new Replay(0, 2, 2));
		}
		finally {
			this.database.jdbc().execute("DROP FUNCTION observatory.refuse_late() CASCADE");
		}
		assertThat(this.letters.replay(10)).isEqualTo(new Replay(2, 0, 0));
	}

	@OnlyInSource
	@Test
	void aSpanWhoseIdBelongsToAnotherTraceStaysUntilThatSpanIsGone() {
		try (TraceWriter writer = new TraceWriter(this.database.dataSource(), config().build())) {
			writer.writeSpan(Records.span(1, 7));
			writer.flush();
			writer.writeSpan(Records.span(2, 7));
			assertThat(writer.flush().deadLettered()).isOne();
		}
		assertThat(this.letters.replay(10)).isEqualTo(new Replay(0, 1, 1));
		assertThat(this.letters.list(null, 10)).singleElement().satisfies((letter) -> {
			assertThat(letter.attempts()).isEqualTo(2);
			assertThat(letter.constraint()).isEqualTo("idx_spans_span_id");
			assertThat(letter.reason()).isEqualTo("the span id belongs to another trace");
		});
		Stored.assertOnce("traces", List.of(Ids.trace(Records.traceId(1))));
		this.database.jdbc().execute("DELETE FROM observatory.trace_spans");
		assertThat(this.letters.replay(10)).isEqualTo(new Replay(1, 0, 0));
		Stored.assertOnce("trace_spans", List.of(Ids.span(Ids.trace(Records.traceId(2)), Records.spanId(7))));
	}

	@Test
	void aReplayIsBoundedAndCanBeOfOneTableOrOneLetter() {
		deadLetters(Subject.LOGS, 4);
		deadLetters(Subject.EVENTS, 3);
		assertThat(this.letters.replay("trace_events", 2)).isEqualTo(new Replay(2, 0, 1));
		assertThat(this.letters.replay(3)).isEqualTo(new Replay(3, 0, 2));
		Letter log = this.letters.list("logs", null, 1).get(0);
		assertThat(this.letters.replay(log.id())).isEqualTo(new Replay(1, 0, 0));
		assertThat(this.letters.replay(log.id())).isEqualTo(new Replay(0, 0, 0));
		assertThat(this.letters.count()).isOne();
		assertThat(this.database.count("logs")).isEqualTo(4);
		assertThat(this.database.count("trace_events")).isEqualTo(2);
		assertThatThrownBy(() -> this.letters.replay("users", 1)).isInstanceOf(IllegalArgumentException.class);
		assertThatThrownBy(() -> this.letters.replay(0)).isInstanceOf(IllegalArgumentException.class);
	}

	@Test
	void severalReplayAtOnceAndEachRowIsStoredOnce() throws Exception {
		List<UUID> dead = deadLetters(Subject.LOGS, 150);
		List<CompletableFuture<Replay>> replays = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			DeadLetterQueue queue = new DeadLetterQueue(this.database.dataSource(), "observatory");
			replays.add(CompletableFuture.supplyAsync(() -> queue.replay(1000)));
		}
		int replayed = 0;
		for (CompletableFuture<Replay> replay : replays) {
			replayed += replay.get(60, TimeUnit.SECONDS).replayed();
		}
		assertThat(replayed).isEqualTo(150);
		Stored.assertOnce("logs", dead);
		assertThat(this.letters.count()).isZero();
	}

	static Stream<Arguments> subjectsAndMoments() {
		return Stream.of(Subject.values())
			.flatMap((subject) -> Stream.of(Moment.values()).map((moment) -> Arguments.of(subject, moment)));
	}

	@ParameterizedTest
	@MethodSource("subjectsAndMoments")
	void aCutCommitNeitherLosesNorRepeatsARow(Subject subject, Moment moment) {
		List<UUID> dead = deadLetters(subject, 4);
		try (CuttingProxy proxy = new CuttingProxy(this.database.port())) {
			DeadLetterQueue queue = new DeadLetterQueue(proxy.dataSource(), "observatory");
			for (int cuts = 1; cuts <= 4; cuts++) {
				proxy.cutNextCommits(moment);
				StorageException failure = catchThrowableOfType(StorageException.class, () -> queue.replay(1));
				assertThat(proxy.cuts()).isEqualTo(cuts);
				assertThat(failure.isRetryable()).isTrue();
				int done = (moment == Moment.AFTER_COMMIT) ? cuts : 0;
				assertThat(this.letters.count()).isEqualTo(4 - done);
				assertThat(Stored.ids(subject.table())).hasSize(done);
			}
			assertThat(queue.replay(10).remaining()).isZero();
		}
		Stored.assertOnce(subject.table(), dead);
	}

	@Test
	void whatIsNotTheRowsFaultEndsTheReplayAndLeavesTheLettersAsTheyAre() {
		deadLetters(Subject.LOGS, 3);
		this.database.jdbc().execute("ALTER TABLE observatory.logs RENAME TO logs_elsewhere");
		try {
			StorageException failure = catchThrowableOfType(StorageException.class, () -> this.letters.replay(10));
			assertThat(failure).hasMessageContaining("0 replayed, 0 failed again").hasMessageContaining("42P01");
			assertThat(failure.isRetryable()).isFalse();
		}
		finally {
			this.database.jdbc().execute("ALTER TABLE observatory.logs_elsewhere RENAME TO logs");
		}
		assertThat(this.letters.list(null, 10)).hasSize(3)
			.allSatisfy((letter) -> assertThat(letter.attempts()).isOne());
		assertThat(this.letters.replay(10)).isEqualTo(new Replay(3, 0, 0));
	}

	@Test
	@NotOn(value = Engine.TIMESCALEDB, because = "chunks are made when rows come, for any day")
	void aMissingPartitionIsMade() {
		LogRecord log = LogRecord.builder().timestamp(Instant.now()).serviceName("checkout").body("now").build();
		try (LogWriter writer = new LogWriter(this.database.dataSource(), config().build())) {
			whileRefusing("logs", "id IS NULL", () -> {
				writer.writeLog(log);
				assertThat(writer.flush().deadLettered()).isOne();
			});
		}
		String today = this.database.jdbc()
			.queryForObject(
					"SELECT partition_name FROM observatory.append_partitions() "
							+ "WHERE table_name = 'logs' AND lower_bound <= now() AND upper_bound > now()",
					String.class);
		this.database.jdbc().execute("DROP TABLE observatory." + today);
		assertThat(this.letters.replay(10)).isEqualTo(new Replay(1, 0, 0));
		Stored.assertOnce("logs", List.of(log.id()));
	}

	@Test
	@NotOn(value = Engine.CITUS, because = "the name of a constraint is not handed on")
	void lettersAreCountedByTableAndReasonAndListedWithoutWhatTheyHold() {
		deadLetters(Subject.LOGS, 5);
		deadLetters(Subject.METRICS, 2);
		assertThat(this.letters.counts())
			.extracting(DeadLetterQueue.Count::table, DeadLetterQueue.Count::sqlState,
					DeadLetterQueue.Count::constraint, DeadLetterQueue.Count::letters)
			.containsExactly(tuple("logs", "23514", "refusing", 5L), tuple("metrics", "23514", "refusing", 2L));
		List<Letter> all = this.letters.list(null, 100);
		assertThat(this.letters.counts().get(0)).satisfies((count) -> {
			assertThat(count.oldest()).isEqualTo(all.get(0).failedAt());
			assertThat(count.newest()).isEqualTo(all.get(4).failedAt());
		});
		List<Letter> paged = new ArrayList<>(this.letters.list(null, 3));
		while (paged.size() < all.size()) {
			paged.addAll(this.letters.list(paged.get(paged.size() - 1).id(), 3));
		}
		assertThat(paged).isEqualTo(all);
		assertThat(this.letters.list(all.get(6).id(), 3)).isEmpty();
		assertThat(this.letters.list("metrics", null, 100)).isEqualTo(all.subList(5, 7));
		assertThat(all.toString() + this.letters.counts()).doesNotContain("answered", "requests");
		assertThatThrownBy(() -> this.letters.list(null, 0)).isInstanceOf(IllegalArgumentException.class);
		assertThatThrownBy(() -> this.letters.list("users", null, 1)).isInstanceOf(IllegalArgumentException.class);
	}

	@ParameterizedTest
	@EnumSource
	void aLetterIsRenderedAsTheJsonOfItsRow(Subject subject) {
		List<UUID> dead = deadLetters(subject, 1);
		UUID letter = this.letters.list(null, 1).get(0).id();
		String json = this.letters.render(letter).orElseThrow();
		this.letters.replay(1);
		assertThat(this.database.rows("SELECT (?::jsonb ->> 'id')::uuid AS id", json)).singleElement()
			.satisfies((row) -> assertThat(row).containsEntry("id", dead.get(0)));
		// each member as the server itself shows the row that was stored, but for how it
		// writes times, and for what a trace that is merged has by default
		assertThat(this.database
			.rows("SELECT key FROM jsonb_each(?::jsonb) letter " + "JOIN (SELECT to_jsonb(t) AS row FROM observatory."
					+ subject.table() + " t) t " + "ON letter.value IS DISTINCT FROM t.row -> letter.key "
					+ "WHERE letter.key NOT LIKE '%time%' AND letter.key <> 'updated_at' "
					+ "AND (letter.value <> 'null' OR ?)", json, subject != Subject.TRACES))
			.isEmpty();
		assertThat(this.letters.render(letter)).isEmpty();
	}

	@ParameterizedTest
	@MethodSource("damages")
	void aLetterThatCannotBeReadSaysWhyAndHoldsUpNoOther(String damage, String why) {
		List<UUID> dead = deadLetters(Subject.LOGS, 3);
		UUID damaged = this.letters.list(null, 1).get(0).id();
		this.database.jdbc().update("UPDATE observatory.dead_letters SET " + damage + " WHERE id = ?", damaged);
		assertThatThrownBy(() -> this.letters.render(damaged)).isInstanceOf(StorageException.class)
			.hasMessageContaining(why)
			.hasMessageNotContaining("answered");
		assertThat(this.letters.replay(10)).isEqualTo(new Replay(2, 1, 1));
		assertThat(this.letters.list(null, 10)).singleElement().satisfies((letter) -> {
			assertThat(letter.id()).isEqualTo(damaged);
			assertThat(letter.attempts()).isEqualTo(2);
			assertThat(letter.reason()).contains(why);
			assertThat(letter.sqlState()).isNull();
		});
		Stored.assertOnce("logs", dead.subList(1, 3));
	}

	static Stream<Arguments> damages() {
		return Stream.of(Arguments.of("row_format = 2", "row format is 2"),
				Arguments.of("row_bytes = substring(row_bytes FROM 1 FOR 40)", "damaged"),
				Arguments.of("row_bytes = ''", "damaged"),
				Arguments.of("row_bytes = set_byte(row_bytes, 5, 15)", "damaged"),
				Arguments.of("table_name = 'users'", "table unknown"));
	}

	/** Bytes that only the server can refuse. */
	@Test
	void aLetterWhoseTextIsBrokenIsRefusedAgainAndHoldsUpNoOther() {
		deadLetters(Subject.LOGS, 2);
		UUID broken = this.letters.list(null, 1).get(0).id();
		this.database.jdbc()
			.update("UPDATE observatory.dead_letters SET row_bytes = "
					+ "set_byte(row_bytes, position('Request'::bytea IN row_bytes) - 1, 255) WHERE id = ?", broken);
		assertThat(this.letters.replay(10)).isEqualTo(new Replay(1, 1, 1));
		assertThat(this.letters.list(null, 10)).singleElement()
			.satisfies((letter) -> assertThat(letter.sqlState()).isEqualTo("22021"));
		assertThat(this.letters.render(broken)).hasValueSatisfying((json) -> assertThat(json).contains("equest"));
	}

	@Test
	void whatIsOlderThanATimeIsPurged() {
		deadLetters(Subject.LOGS, 3);
		List<Letter> all = this.letters.list(null, 10);
		this.database.jdbc()
			.update("UPDATE observatory.dead_letters SET failed_at = now() - interval '31 days' WHERE id = ?",
					all.get(1).id());
		Instant monthAgo = Instant.now().minus(Duration.ofDays(30));
		assertThat(this.letters.purge(monthAgo)).isOne();
		assertThat(this.letters.purge(monthAgo)).isZero();
		assertThat(this.letters.list(null, 10)).isEqualTo(List.of(all.get(0), all.get(2)));
		assertThat(this.letters.purge(Instant.now().plusSeconds(60))).isEqualTo(2);
		assertThat(this.letters.count()).isZero();
	}

	@Test
	void theDocumentedRightsAreEnoughAlsoWhereRowLevelSecurityRefusesCopy() throws IOException {
		List<UUID> dead = deadLetters(Subject.LOGS, 2);
		dead.addAll(deadLetters(Subject.LOGS, 1));
		deadLetters(Subject.SPANS, 1);
		PGSimpleDataSource asWriter = new PGSimpleDataSource();
		asWriter.setPortNumbers(new int[] { this.database.port() });
		asWriter.setDatabaseName("postgres");
		asWriter.setUser(ROLE);
		this.database.jdbc().execute("CREATE ROLE " + ROLE + " LOGIN");
		try {
			this.database.jdbc().execute(grants());
			DeadLetterQueue queue = new DeadLetterQueue(asWriter, "observatory");
			assertThat(queue.replay("logs", 2)).isEqualTo(new Replay(2, 0, 1));
			this.database.jdbc().execute("CREATE POLICY writes ON observatory.logs FOR INSERT WITH CHECK (true)");
			this.database.jdbc().execute("ALTER TABLE observatory.logs ENABLE ROW LEVEL SECURITY");
			assertThat(queue.replay(10)).isEqualTo(new Replay(2, 0, 0));
			Stored.assertOnce("logs", dead);
			assertThat(queue.purge(Instant.now())).isZero();
		}
		finally {
			this.database.jdbc().execute("ALTER TABLE observatory.logs DISABLE ROW LEVEL SECURITY");
			this.database.jdbc().execute("DROP POLICY IF EXISTS writes ON observatory.logs");
			this.database.jdbc().execute("DROP OWNED BY " + ROLE);
			this.database.jdbc().execute("DROP ROLE " + ROLE);
		}
	}

	/** What docs/database-rights.md grants the writer. */
	private static String grants() throws IOException {
		String page = Files.readString(Path.of("..", "docs", "database-rights.md"));
		String section = page.substring(page.indexOf("## The writer"));
		int start = section.indexOf("```sql") + "```sql".length();
		return section.substring(start, section.indexOf("```", start)).replace("observatory_writer", ROLE);
	}

	@Test
	void atTheBoundAWriterStopsWithItsBatchAndGoesOnWhenThereIsRoom() {
		LogWriter writer = new LogWriter(this.database.dataSource(), config().maxDeadLetters(3).build());
		List<UUID> good = new ArrayList<>();
		try (writer) {
			whileRefusing("logs", "body NOT LIKE 'bad%'", () -> {
				write(writer, 2, good);
				assertThat(writer.flush().deadLettered()).isEqualTo(2);
				write(writer, 2, good);
				assertThatThrownBy(writer::flush).isInstanceOf(StorageException.class)
					.hasMessageContaining("dead_letters holds 2 rows")
					.hasMessageContaining("replay or purge them");
				assertThat(writer.status().state()).isEqualTo(State.STOPPED);
				assertThat(writer.writeStats().inFlight()).isEqualTo(4);
				assertThat(this.letters.count()).isEqualTo(2);
				assertThat(this.letters.purge(Instant.now().plusSeconds(60))).isEqualTo(2);
				assertThat(awaitRunning(writer).writeStats().deadLettered()).isEqualTo(4);
			});
		}
		assertThat(this.letters.count()).isEqualTo(2);
		Stored.assertOnce("logs", good);
		Stored.assertSettled(writer, 4, 4, 0);
	}

	static Stream<Arguments> refusals() {
		String raise = "BEGIN RAISE EXCEPTION USING ERRCODE = '%s', MESSAGE = 'refused'; END";
		return Stream.of(Arguments.of("no right", raise.formatted("42501"), State.STOPPED),
				Arguments.of("disk full", raise.formatted("53100"), State.RETRYING),
				Arguments.of("a constraint", raise.formatted("23514"), State.STOPPED),
				Arguments.of("a key", raise.formatted("23505"), State.STOPPED));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("refusals")
	void whatCannotBePutAsideIsKeptAndPutAsideOnceWhenThatIsPossibleAgain(String cause, String body, State state) {
		LogWriter writer = new LogWriter(this.database.dataSource(), config().build());
		List<UUID> good = new ArrayList<>();
		try (writer) {
			whileRefusing("logs", "body NOT LIKE 'bad%'", () -> {
				List<UUID> bad = new ArrayList<>();
				whileDeadLettersRefuse(body, () -> {
					bad.addAll(write(writer, 3, good));
					assertThatThrownBy(writer::flush).isInstanceOf(StorageException.class);
					assertThat(writer.status().state()).isEqualTo(state);
					assertThat(writer.writeStats().inFlight()).isEqualTo(6);
					assertThat(this.letters.count()).isZero();
					assertThat(this.database.count("logs")).isZero();
				});
				awaitRunning(writer);
				assertThat(Stored.deadIds("logs")).containsExactlyInAnyOrderElementsOf(bad);
			});
		}
		Stored.assertOnce("logs", good);
		Stored.assertSettled(writer, 3, 3, 0);
	}

	private static Writer awaitRunning(Writer writer) {
		Awaitility.await()
			.atMost(Duration.ofSeconds(20))
			.untilAsserted(() -> assertThat(writer.writeStats().inFlight()).as("%s", writer.status()).isZero());
		assertThat(writer.status().state()).isEqualTo(State.RUNNING);
		return writer;
	}

	/** Writes as many bad logs, whose ids it returns, as good ones. */
	private static List<UUID> write(LogWriter writer, int each, List<UUID> good) {
		List<UUID> bad = new ArrayList<>();
		for (int i = 0; i < each; i++) {
			LogRecord log = Records.log(i);
			writer.writeLog(log);
			good.add(log.id());
			LogRecord poison = LogRecord.builder()
				.timestamp(Records.START)
				.serviceName("checkout")
				.body("bad " + i)
				.build();
			writer.writeLog(poison);
			bad.add(poison.id());
		}
		return bad;
	}

	/**
	 * Writes records that are refused, and removes the cause again.
	 * @return the ids of their rows
	 */
	private List<UUID> deadLetters(Subject subject, int rows) {
		List<UUID> ids = new ArrayList<>();
		Writer writer = subject.open(this.database.dataSource(), config().build());
		try (writer) {
			whileRefusing(subject.table(), "id IS NULL", () -> {
				for (int i = 0; i < rows; i++) {
					ids.add(subject.write(writer, i));
					// a few at a time, or it is not the data that is wrong
					if (i % 10 == 9 || i == rows - 1) {
						writer.flush();
					}
				}
			});
		}
		Stored.assertSettled(writer, 0, rows, 0);
		return ids;
	}

	private void whileRefusing(String table, String check, Runnable action) {
		this.database.jdbc()
			.execute("ALTER TABLE observatory." + table + " ADD CONSTRAINT refusing CHECK (" + check + ") NOT VALID");
		try {
			action.run();
		}
		finally {
			this.database.jdbc().execute("ALTER TABLE observatory." + table + " DROP CONSTRAINT refusing");
		}
	}

	private void whileDeadLettersRefuse(String body, Runnable action) {
		this.database.jdbc()
			.execute("CREATE FUNCTION observatory.refuse_letters() RETURNS trigger LANGUAGE plpgsql AS $$" + body
					+ "$$");
		this.database.jdbc()
			.execute("CREATE TRIGGER refusing BEFORE INSERT ON observatory.dead_letters "
					+ "FOR EACH ROW EXECUTE FUNCTION observatory.refuse_letters()");
		try {
			action.run();
		}
		finally {
			this.database.jdbc().execute("DROP FUNCTION observatory.refuse_letters() CASCADE");
		}
	}

	private static WriterConfig.Builder config() {
		return WriterConfig.logs()
			.batchSize(10_000)
			.maxConcurrency(1)
			.retry(new RetryConfig(2, Duration.ofMillis(5), 2, Duration.ofMillis(20)));
	}

}
