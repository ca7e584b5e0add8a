package io.observatory.storage.sample.pages.writers;

import java.util.Deque;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedDeque;

import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * The results of the last {@value #MAX_RESULTS} operations, for the page after a
 * redirect. There are no sessions, and anybody could write a text into the URL.
 * Thread-safe.
 */
@Component
class OperationResults {

	private static final int MAX_RESULTS = 20;

	private final Deque<Entry> entries = new ConcurrentLinkedDeque<>();

	/**
	 * Keeps a result.
	 * @return its key
	 */
	String add(OperationResult result) {
		Entry entry = new Entry(UUID.randomUUID().toString(), result);
		this.entries.addFirst(entry);
		while (this.entries.size() > MAX_RESULTS) {
			this.entries.pollLast();
		}
		return entry.key();
	}

	@Nullable OperationResult get(@Nullable String key) {
		return this.entries.stream()
			.filter((entry) -> entry.key().equals(key))
			.map(Entry::result)
			.findFirst()
			.orElse(null);
	}

	private record Entry(String key, OperationResult result) {
	}

}
