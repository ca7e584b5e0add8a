package io.observatory.storage.sample.intake;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The digests of the requests of the last minutes. A request that a client sends again,
 * because it got no answer in time, is stored once. Requests to another process, or
 * before a restart, are not recognized. Thread-safe.
 */
final class RecentRequests {

	private static final int MAX_REQUESTS = 10_000;

	private final long windowNanos;

	private final ReentrantLock lock = new ReentrantLock();

	private final Map<ByteBuffer, Entry> entries = new LinkedHashMap<>();

	RecentRequests(Duration window) {
		this.windowNanos = window.toNanos();
	}

	static ByteBuffer digest(Source source, ContentEncoding encoding, Body body) {
		try {
			MessageDigest digest = MessageDigest.getInstance("SHA-256");
			digest.update((source + encoding.name()).getBytes(StandardCharsets.UTF_8));
			digest.update(body.array(), 0, body.size());
			return ByteBuffer.wrap(digest.digest());
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Returns the answer that this request has already, or will have, or the given one if
	 * it is the first.
	 */
	CompletableFuture<Answer> putIfAbsent(ByteBuffer digest, CompletableFuture<Answer> answer) {
		this.lock.lock();
		try {
			removeOld();
			Entry entry = this.entries.putIfAbsent(digest, new Entry(answer, System.nanoTime()));
			return (entry != null) ? entry.answer() : answer;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Removes a request that was not accepted. */
	void remove(ByteBuffer digest) {
		this.lock.lock();
		try {
			this.entries.remove(digest);
		}
		finally {
			this.lock.unlock();
		}
	}

	private void removeOld() {
		long now = System.nanoTime();
		Iterator<Entry> oldest = this.entries.values().iterator();
		while (oldest.hasNext()) {
			Entry entry = oldest.next();
			if (this.entries.size() < MAX_REQUESTS && now - entry.since() < this.windowNanos) {
				return;
			}
			oldest.remove();
		}
	}

	private record Entry(CompletableFuture<Answer> answer, long since) {
	}

}
