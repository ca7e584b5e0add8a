package io.observatory.storage.fault;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

import javax.sql.DataSource;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.observatory.storage.config.RetryConfig;
import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.fault.CuttingProxy.Moment;
import io.observatory.storage.session.WriteMethod;
import io.observatory.storage.testing.Database;
import io.observatory.storage.writer.Writer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * The connection is lost at a COMMIT, and the client cannot know whether it took place:
 * nothing is lost, nothing is stored twice, and nobody is blamed for it.
 */
@Tag("faults")
class AmbiguousCommitIT {

	/** For each table and each moment. */
	private static final int ROUNDS = Length.of(200, 10);

	/** Enough for an upsert to go by way of a stage, not by parameters. */
	private static final int ROWS = 70;

	private final Database database = Database.get();

	private final CuttingProxy proxy = new CuttingProxy(this.database.port());

	/** Its COMMIT is a prepared statement, and broken connections meet good ones. */
	private final HikariDataSource pool = new HikariDataSource(poolConfig(this.proxy));

	@BeforeEach
	void clear() {
		this.database.clear();
	}

	@AfterEach
	void close() {
		this.pool.close();
		this.proxy.close();
	}

	private static HikariConfig poolConfig(CuttingProxy proxy) {
		// it would say with a stack trace that a connection is broken, for each cut
		((Logger) LoggerFactory.getLogger("com.zaxxer.hikari")).setLevel(Level.ERROR);
		HikariConfig config = new HikariConfig();
		config.setDataSource(proxy.dataSource());
		config.setMaximumPoolSize(2);
		return config;
	}

	static Stream<Arguments> subjectsAndMoments() {
		return Stream.of(Subject.values())
			.flatMap((subject) -> Stream.of(Moment.values()).map((moment) -> Arguments.of(subject, moment)));
	}

	@ParameterizedTest
	@MethodSource("subjectsAndMoments")
	void aCutCommitNeitherLosesNorRepeatsARow(Subject subject, Moment moment) {
		long begun = System.nanoTime();
		List<UUID> written = writeWithCuts(subject, moment, this.pool, ROUNDS);
		Verdict verdict = Stored.verdict(subject.table(), written);
		FaultReport.scenario("1-ambiguous-commit-" + subject.table() + "-" + moment.name().toLowerCase(Locale.ROOT),
				verdict, Duration.ofNanos(System.nanoTime() - begun), Map.of("cuts", this.proxy.cuts()));
		assertStoredOnce(subject, written);
		if (subject == Subject.SPANS) {
			assertThat(this.database.rows("SELECT 1 FROM observatory.traces t WHERE span_count <> "
					+ "(SELECT count(*) FROM observatory.trace_spans s WHERE s.trace_id = t.id)"))
				.as("traces whose span count is wrong")
				.isEmpty();
		}
	}

	/**
	 * Each attempt on a connection of its own, whose COMMIT is not yet a prepared
	 * statement.
	 */
	@ParameterizedTest
	@EnumSource
	void theSameWithoutAPool(Moment moment) {
		assertStoredOnce(Subject.LOGS, writeWithCuts(Subject.LOGS, moment, this.proxy.dataSource(), 10));
	}

	/**
	 * Without the lane's condition the same scenario must be seen to store rows twice;
	 * otherwise it would prove nothing. In the other tables a key hides it.
	 */
	@ParameterizedTest
	@EnumSource(names = { "EVENTS", "POINTS", "LOGS" })
	void withoutTheLaneTheScenarioIsSeenToFail(Subject subject) {
		DataSource laneOff = SqlHook.laneOff(this.pool);
		List<UUID> written = writeWithCuts(subject, Moment.AFTER_COMMIT, laneOff, 10);
		boolean caught = !Stored.verdict(subject.table(), written).isKept();
		FaultReport.sabotage("lane off", "1-ambiguous-commit-" + subject.table(), caught);
		List<UUID> ids = Stored.ids(subject.table());
		assertThat(new HashSet<>(ids)).isEqualTo(new HashSet<>(written));
		assertThat(ids).hasSize(2 * 10 * ROWS);
		assertThatThrownBy(() -> assertStoredOnce(subject, written)).isInstanceOf(AssertionError.class);
	}

	private List<UUID> writeWithCuts(Subject subject, Moment moment, DataSource dataSource, int rounds) {
		List<UUID> written = new ArrayList<>();
		Writer copying = subject.open(dataSource, config(WriteMethod.COPY));
		Writer inserting = subject.open(dataSource, config(WriteMethod.INSERT));
		int cuts = 0;
		try (copying; inserting) {
			for (int round = 0; round < rounds; round++) {
				// every fifth time the second attempt meets the same fate
				Moment[] moments = (round % 5 == 4) ? new Moment[] { Moment.BEFORE_COMMIT, moment }
						: new Moment[] { moment };
				this.proxy.cutNextCommits(moments);
				cuts += moments.length;
				Writer writer = (round % 2 == 0) ? copying : inserting;
				for (int i = 0; i < ROWS; i++) {
					written.add(subject.write(writer, written.size()));
				}
				assertThat(writer.flush().deadLettered()).isZero();
				assertThat(this.proxy.cuts()).isEqualTo(cuts);
			}
		}
		assertThat(copying.writeStats().retries() + inserting.writeStats().retries()).isEqualTo(cuts);
		Stored.assertSettled(copying, rounds / 2 * ROWS, 0, 0);
		Stored.assertSettled(inserting, rounds / 2 * ROWS, 0, 0);
		return written;
	}

	private void assertStoredOnce(Subject subject, List<UUID> written) {
		Stored.assertOnce(subject.table(), written);
		assertThat(this.database.count("dead_letters")).isZero();
	}

	/** One slot, so that a flush is one COMMIT. */
	private static WriterConfig config(WriteMethod method) {
		return WriterConfig.logs()
			.writeMethod(method)
			.maxConcurrency(1)
			.retry(new RetryConfig(5, Duration.ofMillis(2), 1.5, Duration.ofMillis(10)))
			.build();
	}

}
