package io.observatory.storage.fault;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

import io.observatory.storage.fault.SpoolChild.Point;
import io.observatory.storage.testing.Database;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process with a spool is killed by SIGKILL over and over, under load: the next one
 * stores what it had accepted, all of it, once.
 */
@Tag("faults")
class SpoolKillIT {

	private static final int KILLS = Length.of(1000, 40);

	private final Database database = Database.get();

	private final CuttingProxy proxy = new CuttingProxy(this.database.port());

	@TempDir
	Path directory;

	@BeforeEach
	void clear() {
		this.database.clear();
	}

	@Test
	void whatAKilledProcessHadAcceptedIsStoredOnceByTheNext() {
		SpoolProcess process = process();
		process.start(Point.ANYWHERE, 0).awaitReady();
		LockSupport.parkNanos(Duration.ofMillis(500).toNanos());
		process.kill();
		Verdict verdict = SpoolRest.store(this.directory, this.database.dataSource(), List.of(process));
		verdict.assertAllStored();
	}

	private SpoolProcess process() {
		return new SpoolProcess("jdbc:postgresql://localhost:" + this.database.port() + "/postgres?user=postgres",
				this.directory, 0);
	}

}
