package io.observatory.storage.capture.ai;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.ConnectableFlux;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxOperator;
import reactor.core.publisher.Hooks;

import org.springframework.util.ClassUtils;

/**
 * Observes the streamed answers of chat models. Spring AI's models are final classes, so
 * a proxy is not possible, and their observations do not have the chunks. But each model
 * starts its observation in a {@link Flux#deferContextual}, when that is subscribed to. A
 * Reactor hook can wrap this operator, and finds the observation by the thread.
 * <p>
 * Reactor's hooks apply to the whole process. This one adds an operator to each
 * {@code deferContextual} and changes nothing else, until it is closed.
 */
public final class StreamWatch implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(StreamWatch.class);

	/**
	 * The class of the observed streams, which is not public in Reactor.
	 */
	public static final String WATCHED = "reactor.core.publisher.FluxDeferContextual";

	private static final int WRAPPED_AT_MOST = 3;

	private static final ThreadLocal<@Nullable StreamedAnswer> SUBSCRIBING = new ThreadLocal<>();

	private final String hook = StreamWatch.class.getName() + "@" + System.identityHashCode(this);

	/**
	 * Starts to observe, or logs why it cannot.
	 */
	public StreamWatch() {
		try {
			Class<?> deferred = ClassUtils.forName(WATCHED, Flux.class.getClassLoader());
			Hooks.onEachOperator(this.hook, (stream) -> isOf(deferred, stream) ? watch(stream) : stream);
		}
		catch (ClassNotFoundException ex) {
			logger.warn("The chunks of streamed answers cannot be watched, as this version of Reactor has no {}: time "
					+ "to the first chunk, cached and reasoning tokens of streams and the tokens of cancelled ones "
					+ "are not stored. Set observatory.storage.capture.spring-ai.streams=false to go without.",
					WATCHED);
		}
	}

	/**
	 * Other hooks, such as those of OpenTelemetry's agent, may have wrapped it before.
	 */
	private static boolean isOf(Class<?> type, Publisher<?> stream) {
		Object operator = stream;
		for (int i = 0; i <= WRAPPED_AT_MOST && operator instanceof Scannable scannable; i++) {
			if (operator.getClass() == type) {
				return true;
			}
			if (operator instanceof Watched) {
				return false;
			}
			operator = scannable.scanUnsafe(Scannable.Attr.PARENT);
		}
		return false;
	}

	private static Publisher<Object> watch(Publisher<Object> stream) {
		return (stream instanceof Flux<Object> flux && !(stream instanceof ConnectableFlux)) ? new Watched(flux)
				: stream;
	}

	/**
	 * Returns, once, the answer of the stream that is being subscribed to in this thread.
	 */
	static @Nullable StreamedAnswer claim() {
		StreamedAnswer answer = SUBSCRIBING.get();
		SUBSCRIBING.remove();
		return answer;
	}

	@Override
	public void close() {
		Hooks.resetOnEachOperator(this.hook);
	}

	private static final class Watched extends FluxOperator<Object, Object> {

		private Watched(Flux<Object> source) {
			super(source);
		}

		@Override
		public void subscribe(CoreSubscriber<? super Object> actual) {
			StreamedAnswer answer = new StreamedAnswer();
			StreamedAnswer outer = SUBSCRIBING.get();
			SUBSCRIBING.set(answer);
			try {
				this.source.doOnNext(answer::next).doOnCancel(answer::cancel).subscribe(actual);
			}
			finally {
				restore(outer);
			}
		}

		private static void restore(@Nullable StreamedAnswer outer) {
			if (outer != null) {
				SUBSCRIBING.set(outer);
			}
			else {
				SUBSCRIBING.remove();
			}
		}

	}

}
