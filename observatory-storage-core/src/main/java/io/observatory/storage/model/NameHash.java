package io.observatory.storage.model;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.reflect.Array;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReferenceArray;

import org.jspecify.annotations.Nullable;

/**
 * Makes name-based UUIDs of version 8 (RFC 9562, section 5.8): the first 128 bits of a
 * SHA-256. Digests are reused, because creating one costs more than a hash. A thread that
 * finds no free digest creates one. They are not kept in a ThreadLocal, because with
 * virtual threads there would be one for each thread.
 */
final class NameHash {

	private static final int SIZE = 32;

	private static final byte NULL = 0;

	private static final byte TEXT = 1;

	private static final byte NUMBER = 2;

	private static final byte LIST = 3;

	private static final byte MAP = 4;

	private static final Object NOTHING = new Object();

	/** Large enough for most names. */
	private static final int SCRATCH_SIZE = 512;

	/** A power of two. */
	private static final int FREE_SLOTS = 16;

	private static final AtomicReferenceArray<NameHash> FREE = new AtomicReferenceArray<>(FREE_SLOTS);

	private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

	private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

	private final MessageDigest digest = sha256();

	private final byte[] scratch = new byte[SCRATCH_SIZE];

	/** Number of bytes in the scratch array that the digest has not processed yet. */
	private int used;

	private NameHash() {
	}

	/** Begins a hash, which {@link #uuid()} ends. */
	static NameHash begin() {
		NameHash free = FREE.getAndSet(slot(), null);
		return (free != null) ? free : new NameHash();
	}

	NameHash add(byte value) {
		makeRoom(1);
		this.scratch[this.used++] = value;
		return this;
	}

	NameHash add(UUID value) {
		makeRoom(2 * Long.BYTES);
		LONGS.set(this.scratch, this.used, value.getMostSignificantBits());
		LONGS.set(this.scratch, this.used + Long.BYTES, value.getLeastSignificantBits());
		this.used += 2 * Long.BYTES;
		return this;
	}

	/** Adds a text as UTF-8. */
	NameHash add(String text) {
		int length = text.length();
		if (length > SCRATCH_SIZE) {
			return addUtf8(text);
		}
		makeRoom(length);
		for (int i = 0; i < length; i++) {
			char c = text.charAt(i);
			if (c >= 0x80) {
				return addUtf8(text);
			}
			this.scratch[this.used + i] = (byte) c;
		}
		this.used += length;
		return this;
	}

	private NameHash addUtf8(String text) {
		flush();
		this.digest.update(text.getBytes(StandardCharsets.UTF_8));
		return this;
	}

	/** Updating a digest with some hundred bytes costs as much as with a few. */
	private void makeRoom(int bytes) {
		if (this.used + bytes > SCRATCH_SIZE) {
			flush();
		}
	}

	private void flush() {
		this.digest.update(this.scratch, 0, this.used);
		this.used = 0;
	}

	/** Adds a map, in the order of its keys. */
	NameHash add(Map<?, ?> map) {
		add(MAP).length(map.size());
		Map<String, Object> sorted = new TreeMap<>();
		map.forEach((key, value) -> sorted.put(String.valueOf(key), (value != null) ? value : NOTHING));
		sorted.forEach((key, value) -> value(key).value(value));
		return this;
	}

	/**
	 * Adds a value with its type and length, so that no two different lists of values
	 * have the same bytes.
	 */
	NameHash value(@Nullable Object value) {
		if (value instanceof Map<?, ?> map) {
			return add(map);
		}
		if (value instanceof Collection<?> list) {
			add(LIST).length(list.size());
			list.forEach(this::value);
			return this;
		}
		if (value == null || value == NOTHING) {
			return add(NULL);
		}
		String text = text(value);
		return add((value instanceof Number) ? NUMBER : TEXT).length(text.length()).add(text);
	}

	private static String text(Object value) {
		if (!value.getClass().isArray()) {
			return value.toString();
		}
		StringJoiner values = new StringJoiner(",");
		for (int i = 0; i < Array.getLength(value); i++) {
			values.add(String.valueOf(Array.get(value, i)));
		}
		return values.toString();
	}

	private NameHash length(int length) {
		makeRoom(Integer.BYTES);
		INTS.set(this.scratch, this.used, length);
		this.used += Integer.BYTES;
		return this;
	}

	/** Ends the hash, which must not be used after it. */
	UUID uuid() {
		flush();
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
