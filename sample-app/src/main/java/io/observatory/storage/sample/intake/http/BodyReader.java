package io.observatory.storage.sample.intake.http;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

import io.observatory.storage.sample.intake.Body;
import io.observatory.storage.sample.intake.RefusalReason;
import io.observatory.storage.sample.intake.RequestException;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;

/**
 * Reads a body whenever some of it is there, so that a slow sender holds no thread. After
 * a refusal the rest is read and discarded, so that the sender receives the answer.
 */
final class BodyReader implements ReadListener {

	/** Takes what nobody reads, of all requests. */
	private static final byte[] DISCARDED = new byte[8 * 1024];

	private final ServletInputStream in;

	private final Body into;

	private final Executor threads;

	private final AtomicInteger signals = new AtomicInteger();

	private volatile boolean givenUp;

	private final CompletableFuture<Body> body = new CompletableFuture<>();

	private final CompletableFuture<Void> end = new CompletableFuture<>();

	BodyReader(ServletInputStream in, Body into, Executor threads) {
		this.in = in;
		this.threads = threads;
		this.into = into;
	}

	/** Returns the body, or a {@link RequestException}. */
	CompletableFuture<Body> body() {
		return this.body;
	}

	/** Returns when there is nothing more to read. */
	CompletableFuture<Void> end() {
		return this.end;
	}

	/** Refuses what is still to come. */
	void refuse(RequestException ex) {
		this.body.completeExceptionally(ex);
	}

	/** Gives up, also on a body that is only discarded. */
	void expire() {
		refuse(new RequestException(RefusalReason.TIMEOUT,
				"The body did not arrive in time (sample.intake.request-timeout)"));
		giveUp();
	}

	@Override
	public void onDataAvailable() {
		signal();
	}

	/**
	 * The server calls this as soon as it has everything; some of it may still have to be
	 * read.
	 */
	@Override
	public void onAllDataRead() {
		signal();
	}

	@Override
	public void onError(Throwable failure) {
		refuse(RequestException.malformed("The body was cut"));
		giveUp();
	}

	private void giveUp() {
		this.givenUp = true;
		signal();
	}

	/**
	 * One thread at a time reads, and checks afterwards whether more has arrived
	 * meanwhile.
	 */
	private void signal() {
		if (this.signals.getAndIncrement() == 0) {
			this.threads.execute(() -> {
				int seen;
				do {
					seen = this.signals.get();
					readAvailable();
				}
				while (!this.signals.compareAndSet(seen, 0));
			});
		}
	}

	private void readAvailable() {
		if (this.end.isDone()) {
			// the server may already use the stream for another request
			return;
		}
		try {
			while (!this.givenUp && !this.in.isFinished() && this.in.isReady()) {
				read();
			}
			if (this.givenUp || this.in.isFinished()) {
				this.body.complete(this.into);
				this.end.complete(null);
			}
		}
		catch (IOException | RuntimeException ex) {
			onError(ex);
		}
	}

	private void read() throws IOException {
		if (this.body.isDone()) {
			this.in.read(DISCARDED);
			return;
		}
		try {
			this.into.readFrom(this.in);
		}
		catch (RequestException ex) {
			refuse(ex);
		}
	}

}
