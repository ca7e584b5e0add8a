package io.observatory.storage.model;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Makes name-based UUIDs of version 8 (RFC 9562, section 5.8): the first 128 bits of a
 * SHA-256. Digests are reused, since making one costs more than a hash; whoever finds
 * none free makes a new one. No ThreadLocal: with virtual threads there would be one for
 * each thread.
 */
final class NameHash {

	private static final int SIZE = 32;

	/** Room for most names. */
	private static final int SCRATCH_SIZE = 512;

	/** A power of two. */
	private static final int FREE_SLOTS = 16;

	private static final AtomicReferenceArray<NameHash> FREE = new AtomicReferenceArray<>(FREE_SLOTS);

	private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

	private final MessageDigest digest = sha256();

	private final byte[] scratch = new byte[SCRATCH_SIZE];

	private NameHash() {
	}

	/** Returns a hash of nothing yet, to be ended by {@link #uuid()}. */
	static NameHash begin() {
		NameHash free = FREE.getAndSet(slot(), null);
		return (free != null) ? free : new NameHash();
	}

	NameHash add(byte value) {
		this.digest.update(value);
		return this;
	}

	NameHash add(UUID value) {
		LONGS.set(this.scratch, 0, value.getMostSignificantBits());
		LONGS.set(this.scratch, Long.BYTES, value.getLeastSignificantBits());
		this.digest.update(this.scratch, 0, 2 * Long.BYTES);
		return this;
	}

	/** Adds a text as UTF-8. */
	NameHash add(String text) {
		int length = text.length();
		if (length > SCRATCH_SIZE) {
			this.digest.update(text.getBytes(StandardCharsets.UTF_8));
			return this;
		}
		for (int i = 0; i < length; i++) {
			char c = text.charAt(i);
			if (c >= 0x80) {
				this.digest.update(text.getBytes(StandardCharsets.UTF_8));
				return this;
			}
			this.scratch[i] = (byte) c;
		}
		this.digest.update(this.scratch, 0, length);
		return this;
	}

	/** Ends the hash, which must not be used after it. */
	UUID uuid() {
		try {
			this.digest.digest(this.scratch, 0, SIZE);
		}
		catch (DigestException ex) {
			throw new IllegalStateException(ex);
		}
		long most = ((long) LONGS.get(this.scratch, 0) & ~0xF000L) | 0x8000L;
		long least = ((long) LONGS.get(this.scratch, Long.BYTES) & ~(0xC0L << 56)) | (0x80L << 56);
		FREE.lazySet(slot(), this);
		return new UUID(most, least);
	}

	@SuppressWarnings("deprecation") // threadId() since Java 19
	private static int slot() {
		return (int) Thread.currentThread().getId() & (FREE_SLOTS - 1);
	}

	private static MessageDigest sha256() {
		try {
			return MessageDigest.getInstance("SHA-256");
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-256", ex);
		}
	}

}
