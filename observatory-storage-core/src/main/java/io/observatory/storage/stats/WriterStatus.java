package io.observatory.storage.stats;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * The state of a writer.
 *
 * @param state its state
 * @param reason why it is not running, without any record's content
 * @param sqlState PostgreSQL's error code, if there is one
 * @param since when it stopped running, or null if it is running
 */
public record WriterStatus(State state, @Nullable String reason, @Nullable String sqlState, @Nullable Instant since) {

	/** A writer's state. */
	public enum State {

		/** Batches are stored. */
		RUNNING,

		/** Records are buffered and not sent, until {@code Writer.resume()}. */
		PAUSED,

		/** The last attempt failed; batches are kept and sent again. */
		RETRYING,

		/**
		 * Sending cannot succeed until somebody changes something (a password, a right, a
		 * missing schema). Records are buffered, and the writer tries from time to time
		 * whether it works again.
		 */
		STOPPED,

		/**
		 * A thread of the writer was ended by an error: nothing more is stored, and
		 * further records are refused with the reason.
		 */
		FAILED,

		/** The writer is closed. */
		CLOSED

	}

}
