package io.observatory.storage.sending;

import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * A log on disk whose rows go through a lane of their own, as the lane sees it. It
 * outlives its process, and so does the lane.
 */
public interface LaneLog {

	/** Returns the log's id, which is the lane's. */
	UUID id();

	/** Returns which database its rows go to, or null when none was sent yet. */
	@Nullable UUID database();

	/** Keeps with the log which database its rows go to. */
	void bind(UUID database);

}
