package io.observatory.storage.sample.it;

import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * SIGTERM while data flows: whatever was answered with 200 is in the database, once.
 */
class ShutdownIT {

	private static final int SENDERS = 6;

	private static final int ENOUGH = 600;

	/** 128 + 15, for SIGTERM. */
	private static final int TERMINATED = 143;

	@TempDir
	private Path directory;

	private final AtomicLong next = new AtomicLong();

	private final Set<Long> answered = ConcurrentHashMap.newKeySet();

	@Test
	void whatWasAnsweredIsStoredOnce() throws Exception {
		TestDatabase database = TestDatabase.create();
		try (SampleProcess sample = SampleProcess.startPackaged(this.directory, database.arguments())) {
			ExecutorService executor = Executors.newFixedThreadPool(SENDERS);
			List<? extends Future<?>> senders = IntStream.range(0, SENDERS)
				.mapToObj((i) -> executor.submit(() -> sendUntilRefused(sample)))
				.toList();
			await().atMost(Duration.ofMinutes(2)).until(() -> this.answered.size() >= ENOUGH);

			assertThat(sample.terminate()).isEqualTo(TERMINATED);

			for (Future<?> sender : senders) {
				sender.get(2, TimeUnit.MINUTES);
			}
			executor.shutdown();
			assertThat(sample.log()).doesNotContain(" ERROR ");
		}
		for (Signal signal : Signal.values()) {
			assertStoredOnce(database, signal);
		}
	}

	private void assertStoredOnce(TestDatabase database, Signal signal) {
		List<Long> stored = database.jdbc().queryForList(signal.storedNumbers(), Long.class);
		assertThat(stored).doesNotHaveDuplicates()
			.containsAll(this.answered.stream().filter((number) -> signal(number) == signal).toList());
	}

	private void sendUntilRefused(SampleProcess sample) {
		while (true) {
			long number = this.next.incrementAndGet();
			try {
				HttpResponse<byte[]> response = send(sample, number);
				if (response.statusCode() == 200) {
					this.answered.add(number);
				}
				else {
					assertThat(response.statusCode()).as(() -> new String(response.body(), StandardCharsets.UTF_8))
						.isEqualTo(503);
				}
			}
			catch (UncheckedIOException ex) {
				// the server is gone, or going
				return;
			}
		}
	}

	private static HttpResponse<byte[]> send(SampleProcess sample, long number) {
		Signal signal = signal(number);
		return sample.post(signal.path(), "application/x-protobuf", signal.request(number, 1));
	}

	private static Signal signal(long number) {
		return Signal.values()[(int) (number % Signal.values().length)];
	}

}
