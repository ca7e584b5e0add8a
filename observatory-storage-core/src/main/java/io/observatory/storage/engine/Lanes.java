package io.observatory.storage.engine;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.observatory.storage.buffer.Batch;
import io.observatory.storage.buffer.disk.LogBatch;
import io.observatory.storage.buffer.disk.LogQueue;
import io.observatory.storage.sending.Lane;
import io.observatory.storage.sending.LaneLog;
import io.observatory.storage.sending.LogLane;
import io.observatory.storage.session.Session;
import org.jspecify.annotations.Nullable;

/**
 * The lanes that a writer's batches go through: one for each slot or, if the rows come
 * from logs on disk, one for each log. Thread-safe.
 */
final class Lanes {

	private final String writer;

	private final Session session;

	private final List<Lane> ofSlots;

	private final Map<LogQueue, Lane> ofLogs = new ConcurrentHashMap<>();

	/** Of lanes that are not needed any more. */
	private final LongAdder lostByServer = new LongAdder();

	private final LongAdder sentInDoubt = new LongAdder();

	Lanes(String writer, int slots, Session session) {
		this.writer = writer;
		this.session = session;
		this.ofSlots = IntStream.range(0, slots).mapToObj((slot) -> new Lane(writer, slot, session.schema())).toList();
	}

	/** Returns the lane that a batch goes through. */
	Lane of(Batch batch) {
		if (batch instanceof LogBatch part) {
			Lane lane = this.ofLogs.get(part.log());
			return (lane != null) ? lane : add(part.log(), batch.slot());
		}
		return this.ofSlots.get(batch.slot());
	}

	private Lane add(LogQueue log, int slot) {
		this.ofLogs.keySet().stream().filter(LogQueue::isForgotten).forEach(this::forget);
		return this.ofLogs.computeIfAbsent(log,
				(added) -> new LogLane(this.writer, slot, this.session.schema(), new Log(added)));
	}

	/** What it has counted stays. */
	private void forget(LogQueue log) {
		Lane lane = this.ofLogs.remove(log);
		if (lane != null) {
			this.lostByServer.add(lane.lostByServer());
			this.sentInDoubt.add(lane.sentInDoubt());
		}
	}

	void renew() throws SQLException {
		Lane.renew(this.session, all().toList());
	}

	long lostByServer() {
		return this.lostByServer.sum() + sum(Lane::lostByServer);
	}

	long sentInDoubt() {
		return this.sentInDoubt.sum() + sum(Lane::sentInDoubt);
	}

	private long sum(ToLongFunction<Lane> count) {
		return all().mapToLong(count).sum();
	}

	private Stream<Lane> all() {
		return Stream.concat(this.ofSlots.stream(), this.ofLogs.values().stream());
	}

	/**
	 * A log as its lane sees it.
	 */
	private record Log(LogQueue queue) implements LaneLog {

		@Override
		public UUID id() {
			return this.queue.id();
		}

		@Override
		public @Nullable UUID database() {
			return this.queue.database();
		}

		@Override
		public void bind(UUID database) {
			this.queue.bind(database);
		}

	}

}
