package io.observatory.storage.sample.pages.writers;

import java.util.Arrays;
import java.util.Locale;

import io.observatory.storage.sample.pages.NotStoredException;

/**
 * The operations on a writer.
 */
enum WriterOperation {

	FLUSH("Flush", "What is in the buffer is sent to the database now, instead of at the end of the flush interval."),

	PAUSE("Pause",
			"Nothing is sent to the database until you resume. Records are still accepted and kept in memory, "
					+ "until the buffer is full; then they are refused or dropped, as the writer's full policy says."),

	RESUME("Resume", "What is in the buffer, and what comes, is sent to the database again.");

	private final String title;

	private final String effect;

	WriterOperation(String title, String effect) {
		this.title = title;
		this.effect = effect;
	}

	public String title() {
		return this.title;
	}

	/**
	 * What it does, for the confirmation.
	 */
	public String effect() {
		return this.effect;
	}

	/**
	 * Its name in a URL.
	 */
	public String key() {
		return name().toLowerCase(Locale.ROOT);
	}

	static WriterOperation parse(String key) {
		return Arrays.stream(values())
			.filter((operation) -> operation.key().equals(key))
			.findFirst()
			.orElseThrow(() -> new NotStoredException("A writer can be flushed, paused and resumed."));
	}

}
