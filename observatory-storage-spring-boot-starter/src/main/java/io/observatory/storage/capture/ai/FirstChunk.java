package io.observatory.storage.capture.ai;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxOperator;

/**
 * When the first chunk of a streamed answer arrived. An observation does not see the
 * chunks, and who sees them does not know the observation; but a model starts its
 * observation while it is subscribed to, on the same thread. There the two meet.
 */
final class FirstChunk {

	private static final ThreadLocal<@Nullable FirstChunk> SUBSCRIBING = new ThreadLocal<>();

	private volatile long nanoTime;

	private volatile boolean arrived;

	private FirstChunk() {
	}

	/**
	 * Returns a stream that notes its first chunk, once for each subscription.
	 */
	static <T> Flux<T> watch(Flux<T> stream) {
		return new Watched<>(stream);
	}

	/**
	 * Returns the first chunk of the stream that is being subscribed to on this thread,
	 * to the one who asks first.
	 */
	static @Nullable FirstChunk claim() {
		FirstChunk chunk = SUBSCRIBING.get();
		SUBSCRIBING.remove();
		return chunk;
	}

	/**
	 * Returns how long after a {@link System#nanoTime()} it arrived, or null if it did
	 * not.
	 */
	@Nullable Duration since(long startNanos) {
		return this.arrived ? Duration.ofNanos(Math.max(0, this.nanoTime - startNanos)) : null;
	}

	private void arrive() {
		if (!this.arrived) {
			this.nanoTime = System.nanoTime();
			this.arrived = true;
		}
	}

	private static final class Watched<T> extends FluxOperator<T, T> {

		private Watched(Flux<T> source) {
			super(source);
		}

		@Override
		public void subscribe(CoreSubscriber<? super T> actual) {
			FirstChunk chunk = new FirstChunk();
			FirstChunk outer = SUBSCRIBING.get();
			SUBSCRIBING.set(chunk);
			try {
				this.source.doOnNext((next) -> chunk.arrive()).subscribe(actual);
			}
			finally {
				restore(outer);
			}
		}

		private static void restore(@Nullable FirstChunk outer) {
			if (outer != null) {
				SUBSCRIBING.set(outer);
			}
			else {
				SUBSCRIBING.remove();
			}
		}

	}

}
