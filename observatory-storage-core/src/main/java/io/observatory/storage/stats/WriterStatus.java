package io.observatory.storage.stats;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * How a writer is doing.
 *
 * @param state its state
 * @param reason why it is not running, without any record's content
 * @param sqlState PostgreSQL's error code, if there is one
 * @param since since when it has not been running
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
		 * Sending is of no use until somebody changes something (a password, a right, a
		 * missing schema); records are buffered, and the database is probed.
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
