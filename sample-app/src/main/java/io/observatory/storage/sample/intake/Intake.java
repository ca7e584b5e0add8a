package io.observatory.storage.sample.intake;

import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.observatory.storage.error.StorageException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/**
 * Processes requests whose body has arrived, by any protocol. It uses a few threads of
 * its own, so that other requests to the server do not wait. A request that is sent
 * again, byte for byte, gets the answer of the first one.
 */
@Component
public final class Intake implements DisposableBean {

	private static final Logger logger = LoggerFactory.getLogger(Intake.class);

	/**
	 * Each of them already has its body in memory, and the memory bounds their number.
	 */
	private static final int MAX_WAITING = 10_000;

	private final IntakeProperties properties;

	private final MemoryBudget memory;

	private final RecentRequests recent;

	private final IntakeStatistics statistics;

	private final ThreadPoolExecutor threads;

	Intake(IntakeProperties properties, IntakeStatistics statistics) {
		this.properties = properties;
		this.memory = new MemoryBudget(properties.maxMemoryBytes());
		this.recent = new RecentRequests(properties.duplicateWindow());
		this.statistics = statistics;
		// twice the number of processors, as some wait for room in a buffer
		int count = 2 * Math.max(2, Runtime.getRuntime().availableProcessors());
		AtomicInteger number = new AtomicInteger();
		this.threads = new ThreadPoolExecutor(count, count, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MAX_WAITING),
				(task) -> {
					Thread thread = new Thread(task, "intake-" + number.getAndIncrement());
					thread.setDaemon(true);
					return thread;
				});
		statistics.memory(this.memory);
	}

	/**
	 * Begins a request, before anything of its body has been read.
	 */
	public Request open(Source source) {
		return new Request(source, this.memory.lease(), this.properties);
	}

	/**
	 * Checks that there is room for a body, before any of it is read.
	 * @param bytes its announced length, or less than 0 if there is none
	 * @throws RequestException when there is no room at present
	 */
	public void checkRoom(long bytes) {
		this.memory.check(Math.max(0, bytes));
	}

	/**
	 * Processes a request, and closes it.
	 * @param request the request
	 * @param encoding how its body is compressed
	 * @param body the body, which is released
	 * @param handler decodes the decompressed body and writes its records
	 * @return the answer, or a {@link RequestException} when nothing was accepted
	 */
	public CompletableFuture<Answer> take(Request request, ContentEncoding encoding, Body body, Handler handler) {
		Taking taking = new Taking(request, encoding, body, handler);
		taking.start();
		return taking.answer;
	}

	/**
	 * Refuses a request that did not get to {@link #take}, and closes it.
	 */
	public void refuse(Request request, RequestException ex) {
		request.close();
		this.statistics.refused(request.source(), ex);
	}

	private static RequestException busy() {
		return new RequestException(RefusalReason.BUSY,
				"There are more requests than can be read in time: send it again later");
	}

	@Override
	public void destroy() {
		this.threads.shutdown();
	}

	/**
	 * A request whose body has arrived.
	 */
	private final class Taking implements Runnable {

		private final Request request;

		private final ContentEncoding encoding;

		private final Body body;

		private final Handler handler;

		private final CompletableFuture<Answer> answer = new CompletableFuture<>();

		Taking(Request request, ContentEncoding encoding, Body body, Handler handler) {
			this.request = request;
			this.encoding = encoding;
			this.body = body;
			this.handler = handler;
		}

		void start() {
			try {
				Intake.this.threads.execute(this);
			}
			catch (RejectedExecutionException ex) {
				fail(busy());
			}
		}

		@Override
		public void run() {
			try {
				if (this.request.timeLeft().isZero()) {
					throw busy();
				}
				if (Intake.this.properties.duplicateWindow().isZero()) {
					succeed(handle());
				}
				else {
					handleOnce();
				}
			}
			catch (RequestException ex) {
				fail(ex);
			}
			catch (StorageException ex) {
				fail(RequestException.of(ex));
			}
			catch (RuntimeException | Error ex) {
				// only its type: the message might show content
				logger.error("A request could not be taken: {} at {}", ex.getClass().getName(),
						(ex.getStackTrace().length > 0) ? ex.getStackTrace()[0] : "an unknown place");
				fail(new RequestException(RefusalReason.FAILED, "The request could not be taken"));
			}
		}

		private Answer handle() {
			return this.handler.take(this.request, this.encoding.decompress(this.body, this.request.newBody()));
		}

		private void handleOnce() {
			ByteBuffer digest = RecentRequests.digest(this.request.source(), this.encoding, this.body);
			CompletableFuture<Answer> mine = new CompletableFuture<>();
			CompletableFuture<Answer> first = Intake.this.recent.putIfAbsent(digest, mine);
			if (first != mine) {
				first.whenComplete(this::repeat);
				return;
			}
			try {
				Answer taken = handle();
				mine.complete(taken);
				succeed(taken);
			}
			finally {
				if (!mine.isDone()) {
					Intake.this.recent.remove(digest);
					mine.cancel(false);
				}
			}
		}

		/**
		 * The same request was sent before: use its answer, unless it was refused.
		 */
		private void repeat(@Nullable Answer first, @Nullable Throwable refused) {
			if (first == null) {
				start();
				return;
			}
			forget();
			Intake.this.statistics.duplicate(this.request.source(), first);
			this.answer.complete(first);
		}

		private void succeed(Answer taken) {
			forget();
			Intake.this.statistics.taken(this.request.source(), taken);
			this.answer.complete(taken);
		}

		private void fail(RequestException ex) {
			forget();
			refuse(this.request, ex);
			this.answer.completeExceptionally(ex);
		}

		/** While a slow client receives the answer, only the answer is kept in memory. */
		private void forget() {
			this.body.clear();
			this.request.close();
		}

	}

	/**
	 * Decodes a body and writes its records.
	 */
	@FunctionalInterface
	public interface Handler {

		/**
		 * Writes the records of a request.
		 * @throws RequestException when nothing was accepted
		 * @throws StorageException when the writer accepted nothing
		 */
		Answer take(Request request, Body body);

	}

}
