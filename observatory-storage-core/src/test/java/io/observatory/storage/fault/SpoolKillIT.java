package io.observatory.storage.fault;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

import io.observatory.storage.fault.SpoolChild.Point;
import io.observatory.storage.testing.Database;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Processes with a spool die under load, over and over: the next one stores what they had
 * accepted, all of it, once.
 */
@Tag("faults")
class SpoolKillIT {

	private static final String KILLED = "spool-killed";

	private static final int KILLS = Length.of(1000, 8);

	private static final int OUT_OF_MEMORY = Length.of(10, 1);

	private static final Duration INSTANCES_FOR = Length.of(Duration.ofMinutes(3), Duration.ofSeconds(6));

	private static final Duration INSTANCE_LIVES = Length.of(Duration.ofSeconds(5), Duration.ofSeconds(2));

	/** What ExitOnOutOfMemoryError ends with. */
	private static final int NO_MEMORY = 3;

	private final Database database = Database.get();

	private final Random random = new Random(20261129);

	private final List<SpoolProcess> processes = new ArrayList<>();

	@TempDir
	Path directory;

	@BeforeEach
	void clear() {
		this.database.clear();
	}

	/** Those of a scenario that failed would go on into the next. */
	@AfterEach
	void end() {
		this.processes.stream().filter(SpoolProcess::isAlive).forEach(SpoolProcess::kill);
	}

	@Test
	void whatKilledProcessesHadAcceptedIsStoredOnceByTheNext() {
		long begun = System.nanoTime();
		SpoolProcess process = process(0);
		int atPoints = 0;
		for (int kill = 0; kill < KILLS; kill++) {
			atPoints += kill(process, Point.values()[kill % Point.OUT_OF_MEMORY.ordinal()]) ? 1 : 0;
		}
		Verdict verdict = SpoolRest.store(this.directory, this.database.dataSource(), List.of(process));
		FaultReport.scenario(KILLED, verdict, Duration.ofNanos(System.nanoTime() - begun),
				Map.of("kills", KILLS, "atAPoint", atPoints));
		verdict.assertAllStored();
		assertThat(atPoints).isPositive();
	}

	/** The database is up, away, or ends the process's sessions meanwhile. */
	private boolean kill(SpoolProcess process, Point point) {
		int weather = this.random.nextInt(4);
		process.on(url((weather == 0) ? 1 : this.database.port())).start(point, 1 + this.random.nextInt(8));
		process.awaitReady();
		boolean there = false;
		if (weather > 0 && point != Point.ANYWHERE) {
			there = process.awaitPoint(Duration.ofSeconds(3));
		}
		else {
			pause(Duration.ofMillis(this.random.nextInt(300)));
		}
		if (weather == 1) {
			endSessions();
			pause(Duration.ofMillis(this.random.nextInt(50)));
		}
		process.kill();
		return there;
	}

	private void endSessions() {
		this.database.jdbc()
			.queryForList("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
					+ "WHERE pid <> pg_backend_pid() AND application_name LIKE 'PostgreSQL JDBC%'");
	}

	/**
	 * Whoever takes over a log with a lane of another id does not know what is stored.
	 */
	@Test
	void withoutTheLanesIdTheScenarioIsSeenToFail() {
		SpoolProcess process = process(0);
		process.start(Point.AFTER_COMMIT, 5);
		assertThat(process.awaitPoint(Duration.ofSeconds(20))).isTrue();
		process.kill();
		UnaryOperator<String> otherLane = (sql) -> sql.contains("lanes")
				? sql.replaceAll("(WHERE id = |VALUES \\()\\?", "$1md5(?::uuid::text)::uuid") : sql;
		Verdict verdict = SpoolRest.store(this.directory, SqlHook.on(this.database.dataSource(), otherLane),
				List.of(process));
		FaultReport.sabotage("the lane's id", KILLED, !verdict.isKept());
		assertThat(verdict.isKept()).isFalse();
	}

	@Test
	void whatAProcessWithoutMemoryHadAcceptedIsStoredOnceByTheNext() {
		long begun = System.nanoTime();
		SpoolProcess process = process(0).with("-XX:+ExitOnOutOfMemoryError");
		for (int i = 0; i < OUT_OF_MEMORY; i++) {
			process.start(Point.OUT_OF_MEMORY, 0).awaitReady();
			assertThat(process.ended()).as(process.said()).isEqualTo(NO_MEMORY);
		}
		Verdict verdict = SpoolRest.store(this.directory, this.database.dataSource(), List.of(process));
		FaultReport.scenario("spool-out-of-memory", verdict, Duration.ofNanos(System.nanoTime() - begun),
				Map.of("deaths", OUT_OF_MEMORY));
		verdict.assertAllStored();
	}

	@Test
	void instancesThatShareASpoolTakeOverFromEachOther() throws IOException {
		long begun = System.nanoTime();
		List<SpoolProcess> instances = IntStream.range(0, 3).mapToObj(this::process).toList();
		instances.forEach((instance) -> instance.start(Point.ANYWHERE, 0));
		int kills = 0;
		for (long end = begun + INSTANCES_FOR.toNanos(); System.nanoTime() < end; kills++) {
			SpoolProcess victim = instances.get(kills % instances.size());
			victim.awaitReady();
			pause(INSTANCE_LIVES);
			victim.kill();
			victim.start(Point.ANYWHERE, 0);
		}
		for (SpoolProcess instance : instances) {
			instance.awaitReady();
			instance.kill();
		}
		Verdict verdict = SpoolRest.store(this.directory, this.database.dataSource(), instances);
		FaultReport.scenario("spool-three-instances", verdict, Duration.ofNanos(System.nanoTime() - begun),
				Map.of("kills", kills + instances.size()));
		verdict.assertAllStored();
	}

	private static void pause(Duration duration) {
		LockSupport.parkNanos(duration.toNanos());
	}

	private SpoolProcess process(int number) {
		SpoolProcess process = new SpoolProcess(url(this.database.port()), this.directory, number);
		this.processes.add(process);
		return process;
	}

	private static String url(int port) {
		return "jdbc:postgresql://localhost:" + port + "/postgres?user=postgres";
	}

}
