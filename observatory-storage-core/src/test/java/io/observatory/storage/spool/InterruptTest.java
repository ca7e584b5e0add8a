package io.observatory.storage.spool;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An interrupt of one thread closes the channels that all of them use: nobody notices.
 */
class InterruptTest {

	private static final int THREADS = 8;

	private static final int CALLS = 80;

	@TempDir
	private Path root;

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void threadsAreInterruptedWhileTheyAppend(boolean forced) throws Exception {
		SpoolDirectory spool = SpoolDirectory.open(this.root);
		LogSettings settings = new LogSettings(200_000, forced, Clock.systemUTC());
		Set<Long> accepted = ConcurrentHashMap.newKeySet();
		ExecutorService executor = Executors.newFixedThreadPool(THREADS + 2);
		AtomicBoolean ended = new AtomicBoolean();
		try (SpoolLog log = SpoolLog.create(spool.create("logs"), settings)) {
			Set<Thread> threads = ConcurrentHashMap.newKeySet();
			List<Future<?>> running = new ArrayList<>();
			for (int i = 0; i < THREADS; i++) {
				int thread = i;
				running.add(executor.submit(() -> {
					threads.add(Thread.currentThread());
					append(log, thread, accepted);
					return true;
				}));
			}
			Future<?> interrupting = executor.submit(() -> {
				while (!ended.get()) {
					threads.forEach(Thread::interrupt);
					Thread.yield();
				}
			});
			Future<?> reading = executor.submit(() -> {
				threads.add(Thread.currentThread());
				while (!ended.get()) {
					assertThat(log.read(0, 1000, 1_000_000).damagedRows()).isZero();
				}
				return true;
			});
			for (Future<?> each : running) {
				each.get(60, TimeUnit.SECONDS);
			}
			ended.set(true);
			interrupting.get(10, TimeUnit.SECONDS);
			reading.get(10, TimeUnit.SECONDS);
			assertAllThere(log, accepted);
		}
		finally {
			executor.shutdownNow();
		}
		try (SpoolLog log = SpoolLog.open(spool.adopt("logs").get(0))) {
			assertAllThere(log, accepted);
		}
	}

	/** Each second call is interrupted before, and is still so after it. */
	private static void append(SpoolLog log, int thread, Set<Long> accepted) throws IOException {
		Random random = new Random(thread);
		long next = (long) thread << 32;
		for (int i = 0; i < CALLS; i++) {
			List<TableRows> call = Row.call(next, 3, 4000, random);
			if (i % 2 == 0) {
				Thread.currentThread().interrupt();
			}
			log.append(call);
			if (i % 2 == 0) {
				assertThat(Thread.interrupted()).as("the interrupt stays").isTrue();
			}
			Row.of(call).forEach((row) -> accepted.add(row.number()));
			next += Row.of(call).size();
		}
	}

	private static void assertAllThere(SpoolLog log, Set<Long> accepted) throws IOException {
		Map<Long, Row> read = Row.read(log, 0, 1000, 1_000_000);
		assertThat(read).hasSize(accepted.size());
		assertThat(read.values().stream().map(Row::number)).containsExactlyInAnyOrderElementsOf(accepted);
	}

}
