package io.observatory.storage.buffer.disk;

import java.io.IOException;
import java.time.Clock;

import org.jspecify.annotations.Nullable;

/**
 * Whether something about the disk works. Thread-safe.
 */
final class DiskState {

	private final Clock clock;

	private volatile @Nullable DiskFailure failure;

	DiskState(Clock clock) {
		this.clock = clock;
	}

	void works() {
		if (this.failure != null) {
			this.failure = null;
		}
	}

	void fails(String reason) {
		DiskFailure before = this.failure;
		this.failure = new DiskFailure(reason, (before != null) ? before.since() : this.clock.instant());
	}

	@Nullable DiskFailure failure() {
		return this.failure;
	}

	/** Returns what is wrong in words: some exceptions only name the file. */
	static String reason(IOException failure) {
		String message = failure.getMessage();
		String type = failure.getClass().getSimpleName();
		return type.equals("IOException") && message != null ? message : type + ": " + message;
	}

}
