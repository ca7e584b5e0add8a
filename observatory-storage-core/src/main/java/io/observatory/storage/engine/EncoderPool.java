package io.observatory.storage.engine;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

import io.observatory.storage.row.RowEncoder;
import org.jspecify.annotations.Nullable;

/**
 * Encoders that are not in use. What they hold is bounded by a sixteenth of what the
 * buffer may hold, and none has more than a quarter of that. No ThreadLocal: with virtual
 * threads there would be one for each thread.
 */
final class EncoderPool {

	/** What an encoder has that wrote small records only: with less there is no pool. */
	private static final int SMALL = 1 << 16;

	private final Supplier<RowEncoder> factory;

	private final ArrayBlockingQueue<RowEncoder> free = new ArrayBlockingQueue<>(
			2 * Runtime.getRuntime().availableProcessors() + 4);

	/**
	 * The one that was released last, without the lock of the others: mostly it is
	 * enough.
	 */
	private final AtomicReference<@Nullable RowEncoder> last = new AtomicReference<>();

	private final AtomicLong memory = new AtomicLong();

	private final long maxMemory;

	EncoderPool(long maxBufferBytes, Supplier<RowEncoder> factory) {
		this.factory = factory;
		this.maxMemory = Math.max(SMALL, maxBufferBytes / 16);
	}

	RowEncoder get() {
		RowEncoder encoder = this.last.getAndSet(null);
		if (encoder == null) {
			encoder = this.free.poll();
		}
		if (encoder == null) {
			return this.factory.get();
		}
		this.memory.addAndGet(-encoder.memory());
		return encoder;
	}

	void release(RowEncoder encoder) {
		encoder.reset();
		long more = encoder.memory();
		if (more > Math.max(SMALL, this.maxMemory / 4)) {
			return;
		}
		if (this.memory.addAndGet(more) > this.maxMemory || !keep(encoder)) {
			this.memory.addAndGet(-more);
		}
	}

	private boolean keep(RowEncoder encoder) {
		return this.last.compareAndSet(null, encoder) || this.free.offer(encoder);
	}

}
