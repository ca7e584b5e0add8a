package io.observatory.storage.engine;

import java.sql.SQLException;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;

import io.observatory.storage.buffer.Batch;
import io.observatory.storage.sending.Lane;
import io.observatory.storage.session.Session;

/**
 * The lanes that a writer's batches go through: one for each slot.
 */
final class Lanes {

	private final List<Lane> ofSlots;

	Lanes(String writer, int slots, Session session) {
		this.ofSlots = IntStream.range(0, slots).mapToObj((slot) -> new Lane(writer, slot, session.schema())).toList();
	}

	/** Returns the lane that a batch goes through. */
	Lane of(Batch batch) {
		return this.ofSlots.get(batch.slot());
	}

	void renew(Session session) throws SQLException {
		Lane.renew(session, this.ofSlots);
	}

	long lostByServer() {
		return sum(Lane::lostByServer);
	}

	long sentInDoubt() {
		return sum(Lane::sentInDoubt);
	}

	private long sum(ToLongFunction<Lane> count) {
		return this.ofSlots.stream().mapToLong(count).sum();
	}

}
