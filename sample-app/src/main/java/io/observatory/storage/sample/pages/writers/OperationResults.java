package io.observatory.storage.sample.pages.writers;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * The results of the last {@value #MAX_RESULTS} operations, for the page that one is
 * redirected to: there are no sessions, and a text in the URL could be anybody's.
 * Thread-safe.
 */
@Component
class OperationResults {

	private static final int MAX_RESULTS = 20;

	private final AtomicReference<List<Entry>> entries = new AtomicReference<>(List.of());

	/**
	 * Keeps a result.
	 * @return its key
	 */
	String add(OperationResult result) {
		Entry entry = new Entry(UUID.randomUUID().toString(), result);
		this.entries.updateAndGet((last) -> Stream.concat(Stream.of(entry), last.stream()).limit(MAX_RESULTS).toList());
		return entry.key();
	}

	@Nullable OperationResult get(@Nullable String key) {
		return this.entries.get()
			.stream()
			.filter((entry) -> entry.key().equals(key))
			.map(Entry::result)
			.findFirst()
			.orElse(null);
	}

	private record Entry(String key, OperationResult result) {
	}

}
