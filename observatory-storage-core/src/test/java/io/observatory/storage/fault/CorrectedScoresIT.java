package io.observatory.storage.fault;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;

import javax.sql.DataSource;

import io.observatory.storage.config.RetryConfig;
import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.fault.CuttingProxy.Moment;
import io.observatory.storage.model.Ids;
import io.observatory.storage.model.Score;
import io.observatory.storage.testing.Database;
import io.observatory.storage.testing.Records;
import io.observatory.storage.writer.TraceWriter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Scores and their corrections come in any order, some twice, while every COMMIT is cut
 * once: each score is stored once, and it is the latest.
 */
@Tag("faults")
class CorrectedScoresIT {

	private static final int SCORES = Length.of(10_000, 1_000);

	private static final int FEW = 200;

	private static final int AT_A_TIME = 100;

	private final Database database = Database.get();

	private final CuttingProxy proxy = new CuttingProxy(this.database.port());

	@BeforeEach
	void clear() {
		this.database.clear();
	}

	@AfterEach
	void close() {
		this.proxy.close();
	}

	@Test
	void theLatestOfEachIsStoredOnceWhateverHappensToTheCommits() {
		long begun = System.nanoTime();
		write(this.proxy.dataSource(), SCORES);
		Map<UUID, String> latest = latest(SCORES);
		FaultReport.scenario("1-corrected-scores", Stored.verdict("scores", latest.keySet()),
				Duration.ofNanos(System.nanoTime() - begun), Map.of("cuts", this.proxy.cuts()));
		Stored.assertOnce("scores", latest.keySet());
		assertThat(stored()).isEqualTo(latest);
	}

	/** Otherwise it would prove nothing. */
	@Test
	void withoutTheComparisonOfVersionsTheScenarioIsSeenToFail() {
		write(SqlHook.on(this.proxy.dataSource(), (sql) -> sql.replaceAll("WHERE \\(excluded[.][^\n]*", "")), FEW);
		boolean caught = !stored().equals(latest(FEW));
		FaultReport.sabotage("comparison of versions off", "1-corrected-scores", caught);
		assertThat(caught).isTrue();
		Stored.assertOnce("scores", latest(FEW).keySet());
	}

	private void write(DataSource dataSource, int scores) {
		List<Score> sent = versions(scores);
		try (TraceWriter writer = new TraceWriter(dataSource, config())) {
			for (int from = 0; from < sent.size(); from += AT_A_TIME) {
				this.proxy.cutNextCommits(Moment.values()[from / AT_A_TIME % Moment.values().length]);
				writer.writeScores(sent.subList(from, Math.min(from + AT_A_TIME, sent.size())));
				assertThat(writer.flush().deadLettered()).isZero();
			}
			assertThat(writer.writeStats().retries()).isEqualTo(this.proxy.cuts())
				.isEqualTo((sent.size() + AT_A_TIME - 1) / AT_A_TIME);
			Stored.assertSettled(writer, sent.size(), 0, 0);
		}
	}

	private Map<UUID, String> stored() {
		return this.database.rows("SELECT id, label FROM observatory.scores")
			.stream()
			.collect(Collectors.toMap((row) -> (UUID) row.get("id"), (row) -> (String) row.get("label")));
	}

	/** Of each score up to three, and the latest of them twice. */
	private static List<Score> versions(int scores) {
		List<Score> versions = new ArrayList<>();
		for (long number = 0; number < scores; number++) {
			for (long version = 0; version <= number % 3; version++) {
				versions.add(score(number, version));
			}
			versions.add(score(number, number % 3));
		}
		Collections.shuffle(versions, new Random(20261129));
		return versions;
	}

	private static Score score(long number, long version) {
		Score score = Records.score(number);
		return score.toBuilder().label("version " + version).timestamp(score.timestamp().plusSeconds(version)).build();
	}

	private static Map<UUID, String> latest(int scores) {
		Map<UUID, String> labels = new HashMap<>();
		for (long number = 0; number < scores; number++) {
			labels.put(
					Ids.score(Ids.trace(Records.traceId(number)), Records.spanId(number), "helpful", Score.Source.USER),
					"version " + number % 3);
		}
		return labels;
	}

	/** One slot, so that a flush is one COMMIT. */
	private static WriterConfig config() {
		return WriterConfig.traces()
			.maxConcurrency(1)
			.retry(new RetryConfig(5, Duration.ofMillis(2), 1.5, Duration.ofMillis(10)))
			.build();
	}

}
