package io.observatory.storage.engine;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.function.Supplier;

import io.observatory.storage.row.RowEncoder;

/**
 * Encoders that are not in use. No ThreadLocal: with virtual threads there would be one
 * for each thread.
 */
final class EncoderPool {

	private final Supplier<RowEncoder> factory;

	private final ArrayBlockingQueue<RowEncoder> free = new ArrayBlockingQueue<>(
			2 * Runtime.getRuntime().availableProcessors() + 4);

	EncoderPool(Supplier<RowEncoder> factory) {
		this.factory = factory;
	}

	RowEncoder get() {
		RowEncoder encoder = this.free.poll();
		return (encoder != null) ? encoder : this.factory.get();
	}

	void release(RowEncoder encoder) {
		encoder.reset();
		this.free.offer(encoder);
	}

}
