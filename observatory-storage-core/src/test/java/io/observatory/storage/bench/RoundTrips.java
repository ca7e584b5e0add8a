package io.observatory.storage.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Counts round trips: whenever the client speaks after the server has answered, one
 * begins. Where a single connection goes through, it also tells which statements went
 * along with each (PostgreSQL manual, "Frontend/Backend Protocol").
 */
interface RoundTrips {

	/** Does not look. */
	RoundTrips UNSEEN = new RoundTrips() {
	};

	/** Is told what the client says. */
	default void asked(byte[] bytes) {
	}

	/** Is told that the server says something. */
	default void answered() {
	}

	/**
	 * Listens to a single connection, from its start on.
	 */
	final class Record implements RoundTrips {

		private static final int SHOWN = 44;

		private final Map<String, String> statements = new HashMap<>();

		private final List<List<String>> trips = new CopyOnWriteArrayList<>();

		private byte[] unread = new byte[0];

		private boolean started;

		private final AtomicBoolean answered = new AtomicBoolean(true);

		@Override
		public void asked(byte[] bytes) {
			if (this.answered.getAndSet(false)) {
				this.trips.add(new CopyOnWriteArrayList<>());
			}
			ByteBuffer all = ByteBuffer.allocate(this.unread.length + bytes.length);
			all.put(this.unread).put(bytes).flip();
			while (next(all)) {
				// goes on
			}
			this.unread = new byte[all.remaining()];
			all.get(this.unread);
		}

		@Override
		public void answered() {
			this.answered.set(true);
		}

		/** Returns what went along with each round trip since the last call. */
		List<List<String>> taken() {
			List<List<String>> taken = List.copyOf(this.trips);
			this.trips.clear();
			return taken;
		}

		/** Reads a message, if there is a whole one; the first has no type. */
		private boolean next(ByteBuffer bytes) {
			int prefix = this.started ? 1 : 0;
			if (bytes.remaining() < prefix + Integer.BYTES) {
				return false;
			}
			int length = bytes.getInt(bytes.position() + prefix);
			if (bytes.remaining() < prefix + length) {
				return false;
			}
			int type = this.started ? bytes.get() : 0;
			byte[] body = new byte[length - Integer.BYTES];
			bytes.getInt();
			bytes.get(body);
			this.started = true;
			message(type, body);
			return true;
		}

		private void message(int type, byte[] body) {
			String first = text(body, 0);
			int second = first.getBytes(StandardCharsets.UTF_8).length + 1;
			switch (type) {
				case 'Q' -> told(first);
				case 'P' -> this.statements.put(first, text(body, second));
				case 'B' -> told(this.statements.getOrDefault(text(body, second), ""));
				case 'c' -> told("end of rows");
				default -> {
					// nothing that would be executed
				}
			}
		}

		private void told(String sql) {
			String line = sql.strip().replaceAll("\\s+", " ");
			this.trips.get(this.trips.size() - 1)
				.add((line.length() <= SHOWN) ? line : line.substring(0, SHOWN).strip() + "…");
		}

		private static String text(byte[] body, int from) {
			int end = from;
			while (end < body.length && body[end] != 0) {
				end++;
			}
			return new String(body, Math.min(from, end), end - Math.min(from, end), StandardCharsets.UTF_8);
		}

	}

}
