package io.observatory.storage.sample.intake.http;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

import io.observatory.storage.sample.intake.Body;
import io.observatory.storage.sample.intake.RefusalReason;
import io.observatory.storage.sample.intake.RequestException;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;

/**
 * Reads a body whenever some of it is there, so that a slow sender holds no thread. What
 * comes after a refusal is read and thrown away, so that the sender gets to see the
 * answer.
 */
final class BodyReader implements ReadListener {

	private static final int DISCARDED_AT_ONCE = 8 * 1024;

	private final ServletInputStream in;

	private final Body into;

	private final Executor threads;

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

	/** Gives up, even on what is only thrown away. */
	void expire() {
		refuse(new RequestException(RefusalReason.TIMEOUT,
				"The body did not arrive in time (sample.intake.request-timeout)"));
		this.end.complete(null);
	}

	@Override
	public void onDataAvailable() {
		this.threads.execute(this::readAvailable);
	}

	private void readAvailable() {
		try {
			while (!this.end.isDone() && this.in.isReady() && read() >= 0) {
				continue;
			}
		}
		catch (IOException ex) {
			onError(ex);
		}
	}

	private int read() throws IOException {
		if (this.body.isDone()) {
			return this.in.read(new byte[DISCARDED_AT_ONCE]);
		}
		try {
			return this.into.readFrom(this.in);
		}
		catch (RequestException ex) {
			refuse(ex);
			return 0;
		}
	}

	@Override
	public void onAllDataRead() {
		this.body.complete(this.into);
		this.end.complete(null);
	}

	@Override
	public void onError(Throwable failure) {
		refuse(RequestException.malformed("The body was cut"));
		this.end.complete(null);
	}

}
