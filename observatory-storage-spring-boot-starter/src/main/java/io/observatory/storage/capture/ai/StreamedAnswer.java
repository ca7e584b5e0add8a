package io.observatory.storage.capture.ai;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.model.ChatResponse;

/**
 * What the chunks of a streamed answer have said so far, and when the first came. Keeps
 * nothing of the text. Takes one chunk after the other, and can be read on any thread.
 */
final class StreamedAnswer {

	private volatile Answer soFar = Answer.NONE;

	private volatile long firstNanoTime;

	private volatile boolean begun;

	private volatile boolean cancelled;

	/**
	 * Takes a chunk. Streams of other things than a model's answers are watched as well.
	 */
	void next(Object chunk) {
		if (chunk instanceof ChatResponse response) {
			if (!this.begun) {
				this.firstNanoTime = System.nanoTime();
				this.begun = true;
			}
			this.soFar = this.soFar.and(response);
		}
	}

	/** Whoever asked wants no more of it. */
	void cancel() {
		this.cancelled = true;
	}

	/** Whether it was cancelled by who asked. */
	boolean isCancelled() {
		return this.cancelled;
	}

	/** Whether there was a chunk. */
	boolean hasBegun() {
		return this.begun;
	}

	Answer soFar() {
		return this.soFar;
	}

	/**
	 * Returns how long after a {@link System#nanoTime()} the first chunk came, or null if
	 * none did.
	 */
	@Nullable Duration timeToFirstChunk(long startNanos) {
		return this.begun ? Duration.ofNanos(Math.max(0, this.firstNanoTime - startNanos)) : null;
	}

}
