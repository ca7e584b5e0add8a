package io.observatory.storage.capture.ai;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.model.ChatResponse;

/**
 * The data from the chunks of a streamed answer so far, and the time of the first chunk.
 * It does not keep the text. Chunks are added one after the other; it can be read in any
 * thread.
 */
final class StreamedAnswer {

	private volatile Answer soFar = Answer.NONE;

	private volatile long firstNanoTime;

	private volatile boolean begun;

	private volatile boolean cancelled;

	/**
	 * Adds a chunk. Streams with other elements are observed as well.
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

	/** The subscriber has cancelled it. */
	void cancel() {
		this.cancelled = true;
	}

	/** Whether the subscriber has cancelled it. */
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
